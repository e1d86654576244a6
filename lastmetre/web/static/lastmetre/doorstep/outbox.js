// What was said at doors, kept on the phone until the server has answered: each event has its id from here on.

const NAME = "lastmetre-doors";
const BATCH = 25;
const PATIENCE_MS = 20000;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30000;
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
  async keys(store) {
    return [...this.stores[store].keys()];
  }
  async get(store, key) {
    return this.stores[store].get(key);
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
  keys(store) {
    return this.run(store, "readonly", (rows) => rows.getAllKeys());
  }
  get(store, key) {
    return this.run(store, "readonly", (rows) => rows.get(key));
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

/** Sends what waits; `changed(answers)` hears of every answer. Sent twice, an event counts once.
 *
 * What is kept is read once and held in `doors` and `unsent`: a scan costs one write, however many went before it. */
export class Outbox {
  constructor(store, { holder, pass, token, changed }) {
    Object.assign(this, { store, holder, pass, token, changed });
    this.wait = 0;
    this.known = new Map();
    this.unsent = new Map();
    this.doors = new Map();
  }

  /** Read what this phone keeps, another tab's events as well; returns the doors of which it says something new. */
  async load() {
    const changed = new Set();
    const rows = await this.store.all("events");
    for (const row of rows.sort((one, other) => one.order - other.order)) {
      const had = this.known.get(row.id);
      if (had && (had.answer || !row.answer)) continue;
      this.hold(row);
      changed.add(row.door);
    }
    return changed;
  }

  hold(row) {
    const had = this.known.get(row.id);
    this.known.set(row.id, row);
    if (row.answer) this.unsent.delete(row.id);
    else this.unsent.set(row.id, row);
    const there = this.doors.get(row.door) ?? [];
    if (had) there[there.indexOf(had)] = row;
    else there.push(row);
    if (there.at(-2)?.order > row.order) there.sort((one, other) => one.order - other.order);
    this.doors.set(row.door, there);
  }

  /** What was said of a door, in its order. */
  of(door) {
    return this.doors.get(door) ?? [];
  }

  async add(event) {
    const row = { ...event, holder: this.holder, pass: this.pass, order: Date.now() + performance.now() % 1 };
    await this.store.put("events", row);
    this.hold(row);
    return row;
  }

  async addPhoto(event, image) {
    await this.store.put("photos", { event, image, holder: this.holder, pass: this.pass });
  }

  async flush() {
    if (this.busy || Date.now() < this.wait) return;
    this.busy = true;
    try {
      while (this.unsent.size) {
        const batch = this.batch();
        await this.settle(batch, await this.send(batch));
        // Something came through: the next lost answer is tried again soon.
        this.pause = 0;
      }
      await this.flushPhotos();
      this.pause = 0;
    } catch {
      this.pause = Math.min(LONGEST_PAUSE_MS, this.pause * 2 || FIRST_PAUSE_MS);
      this.wait = Date.now() + this.pause;
    } finally {
      this.busy = false;
    }
  }

  batch() {
    const rows = [];
    for (const row of this.unsent.values()) {
      if (row.holder === (rows[0] ?? row).holder) rows.push(row);
      if (rows.length === BATCH) break;
    }
    return rows;
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
    const heard = new Map(answers.map((said) => [said.id, said]));
    for (const row of batch) {
      const answer = heard.get(row.id);
      if (!answer) throw new Error(`no answer for ${row.id}`);
      const settled = { ...row, answer, answered_at: at };
      await this.store.put("events", settled);
      this.hold(settled);
    }
    this.changed(answers);
  }

  async flushPhotos() {
    for (const key of await this.store.keys("photos")) {
      const one = await this.store.get("photos", key);
      if (!one) continue;
      const image = one.image.slice(one.image.indexOf(",") + 1);
      const answer = await this.post("photos", { event: one.event, image }, one);
      // Refused for good (its event was): nothing more can come of it.
      if (answer.ok || answer.status === 422) await this.store.remove("photos", one.event);
      else throw new Error(String(answer.status));
    }
  }

  /** Forget what was answered two days ago. */
  async tidy() {
    for (const one of await this.store.all("events")) {
      if (one.answer && Date.now() - one.answered_at > KEPT_MS) await this.store.remove("events", one.id);
    }
  }
}
