// What was said at doors, kept on the phone until the server has answered: each event has its id from here on.

const NAME = "lastmetre-doors";
const BATCH = 25;
const PATIENCE_MS = 20000;
const KEPT_MS = 48 * 3600 * 1000; // answered events are shown so long

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("events", { keyPath: "id" });
      asked.result.createObjectStore("photos", { keyPath: "event" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

// A browser that keeps nothing (private windows) still sends what is on the open page.
class Memory {
  constructor() {
    this.stores = { events: new Map(), photos: new Map() };
    this.isKept = false;
  }
  async put(store, row) {
    this.stores[store].set(row.id ?? row.event, structuredClone(row));
  }
  async all(store) {
    return [...this.stores[store].values()];
  }
  async remove(store, key) {
    this.stores[store].delete(key);
  }
}

class Kept {
  constructor(base) {
    this.base = base;
    this.isKept = true;
  }
  run(store, mode, ask) {
    return new Promise((resolve, reject) => {
      const transaction = this.base.transaction(store, mode, { durability: "strict" });
      const asked = ask(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }
  put(store, row) {
    return this.run(store, "readwrite", (rows) => rows.put(row));
  }
  all(store) {
    return this.run(store, "readonly", (rows) => rows.getAll());
  }
  remove(store, key) {
    return this.run(store, "readwrite", (rows) => rows.delete(key));
  }
}

export async function openStore() {
  try {
    return new Kept(await opened());
  } catch {
    return new Memory();
  }
}

/** Sends what waits; `changed(events)` hears of every answer. Sent twice, an event counts once. */
export class Outbox {
  constructor(store, { holder, pass, token, changed }) {
    Object.assign(this, { store, holder, pass, token, changed });
    this.wait = 0;
  }

  async events() {
    const rows = await this.store.all("events");
    return rows.sort((one, other) => one.order - other.order);
  }

  async waiting() {
    return (await this.events()).filter((one) => !one.answer);
  }

  async add(event) {
    const row = { ...event, holder: this.holder, pass: this.pass, order: Date.now() + performance.now() % 1 };
    await this.store.put("events", row);
    return row;
  }

  async addPhoto(event, image) {
    await this.store.put("photos", { event, image, holder: this.holder, pass: this.pass });
  }

  async flush() {
    if (this.busy || Date.now() < this.wait) return;
    this.busy = true;
    try {
      let rows = await this.waiting();
      while (rows.length) {
        const holder = rows[0].holder;
        const batch = rows.filter((one) => one.holder === holder).slice(0, BATCH);
        const answers = await this.send(batch);
        await this.settle(batch, answers);
        rows = await this.waiting();
      }
      await this.flushPhotos();
      this.pause = 0;
    } catch {
      this.pause = Math.min(30000, (this.pause || 2500) * 2);
      this.wait = Date.now() + this.pause;
    } finally {
      this.busy = false;
    }
  }

  async send(batch) {
    const events = batch.map(({ id, outcome, code, device_at, undoes, words }) => (
      { id, outcome, code, device_at, undoes: undoes || null, words: words || "" }));
    const answer = await this.post("events", { events }, batch[0]);
    if (answer.status === 422 && batch.length > 1) {
      // One of them cannot be read: each alone, so that it keeps no other waiting.
      const found = [];
      for (const one of batch) found.push(...(await this.send([one])));
      return found;
    }
    if (answer.status === 422) {
      const said = await answer.json();
      return [{ id: batch[0].id, effect: "refused", words: said.detail ?? said.title }];
    }
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).answers;
  }

  async post(what, body, { holder, pass }) {
    const send = (path, headers) => fetch(`/api/doorstep/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (holder === this.holder) {
      const answer = await send(what, { "X-CSRFToken": this.token });
      if (answer.status !== 401 && answer.status !== 403) return answer;
    }
    return send(`${what}/late`, { "X-Cart-Pass": pass });
  }

  async settle(batch, answers) {
    const at = Date.now();
    for (const said of answers) {
      const row = batch.find((one) => one.id === said.id);
      if (row) await this.store.put("events", { ...row, answer: said, answered_at: at });
    }
    this.changed(await this.events(), answers);
  }

  async flushPhotos() {
    for (const one of await this.store.all("photos")) {
      const image = one.image.slice(one.image.indexOf(",") + 1);
      const answer = await this.post("photos", { event: one.event, image }, one);
      // Refused for good (its event was): nothing more can come of it.
      if (answer.ok || answer.status === 422) await this.store.remove("photos", one.event);
      else throw new Error(String(answer.status));
    }
  }

  async tidy() {
    for (const one of await this.events()) {
      if (one.answer && Date.now() - one.answered_at > KEPT_MS) await this.store.remove("events", one.id);
    }
  }
}
