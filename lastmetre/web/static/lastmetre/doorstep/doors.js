// A volunteer's cart without signal: every scan and tap is kept on the phone first, shown at once, sent when it can be.

import { feedback } from "../scan/feedback.js";
import { newId, openStore, Outbox } from "./outbox.js";

const EVERY_MS = 4000;
const PREFIX = "LM"; // as in papers.codes
const CODE = /^[23456789CFHKMRWXY]{8}$/;
const KEPT = "doorstep-";

const shownAs = ({ outcome, unsent, effect }) => `${outcome}/${Boolean(unsent)}/${effect ?? ""}`;

class Doors {
  constructor(root, store) {
    this.root = root;
    this.answer = root.querySelector("[data-answer]");
    this.counter = root.querySelector("[data-outbox]");
    this.doors = new Map();
    this.codes = new Map();
    for (const row of root.querySelectorAll("[data-door]")) {
      const { door, codes, outcome = "", event = "" } = row.dataset;
      this.doors.set(door, { row, first: { outcome, event } });
      row.shown = shownAs({ outcome });
      for (const code of codes.split(" ")) this.codes.set(code, door);
    }
    // A page whose wave has ended was stripped of its forms: what is left is sent by the pass.
    const token = root.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
    const { holder, pass } = root.dataset;
    const changed = (answers) => this.heard(answers);
    this.outbox = new Outbox(store, { holder, pass, token, changed });
    this.store = store;
  }

  async begin() {
    this.root.dataset.live = "";
    this.root.addEventListener("lastmetre:scan", (event) => {
      event.preventDefault();
      this.scanned(event.detail.text, event.timeStamp - event.detail.ms);
    });
    this.root.addEventListener("click", (event) => this.clicked(event), true);
    this.answer.querySelector("[data-answer-undo]").addEventListener("click", () => this.undoLast());
    this.answer.querySelector("[data-answer-anyway]").addEventListener("click", () => this.anyway());
    this.answer.querySelector("[data-answer-photo] input").addEventListener("change", (event) => this.photo(event));
    await this.outbox.tidy();
    await this.outbox.load();
    this.show(this.doors.keys());
    this.sending = setInterval(() => this.tick(), EVERY_MS);
    addEventListener("online", () => { this.outbox.wait = 0; this.tick(); });
    document.addEventListener("visibilitychange", () => document.hidden || this.again());
    await this.clock();
    this.tick();
  }

  // Phones' clocks are wrong: events carry the server's time as far as it is known.
  async clock() {
    this.offset = Number(localStorage.getItem("lm-clock") ?? 0);
    try {
      const status = await (await fetch("/api/status", { signal: AbortSignal.timeout(3000) })).json();
      this.offset = Date.parse(status.now) - Date.now();
      localStorage.setItem("lm-clock", String(Math.round(this.offset)));
      const mine = await fetch("/api/doorstep/mine", { signal: AbortSignal.timeout(3000) });
      if (mine.status === 401 || mine.status === 403) this.over();
    } catch {
      // No signal: as known from the last time.
    }
  }

  now() {
    return Date.now() + (this.offset ?? Number(localStorage.getItem("lm-clock") ?? 0));
  }

  // Another tab may have scanned meanwhile.
  async again() {
    this.show(await this.outbox.load());
    await this.tick();
  }

  async tick() {
    for (const cart of this.root.querySelectorAll("[data-cart]")) {
      if (this.now() > Number(cart.dataset.ends) * 1000) this.hide(cart);
    }
    await this.outbox.flush();
    this.count();
    const rest = this.outbox.wait - Date.now();
    if (rest <= 0) return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.tick(), rest + 1);
  }

  // What a scan or a tap says

  async scanned(text, began) {
    const code = text.startsWith(PREFIX) && text.length > PREFIX.length + 8 ? text.slice(2, 10) : text;
    const door = this.codes.get(code);
    if (!door) {
      this.foreign = text;
      const known = CODE.test(code);
      return this.tell("bad", known ? this.say("foreign") : this.say("wrong"), code, known ? this.say("foreignHelp") : "", { anyway: known });
    }
    if (this.stateOf(door).outcome === "delivered") {
      return this.tell("wait", this.say("again"), this.doors.get(door).row.dataset.room, "");
    }
    await this.event(door, "delivered", { code: text, began });
  }

  // Buttons of a door work without scripts too: here nothing is sent but through the outbox.
  async clicked(event) {
    const row = event.target.closest("[data-door]");
    const act = event.target.closest("[data-does], [data-more]");
    if (!row || !act) return;
    event.preventDefault();
    const { door } = row.dataset;
    const { does } = act.dataset;
    if (!does) return this.open(row);
    if (does === "undo") return this.undo(door);
    const words = act.closest("[data-panel]")?.querySelector("[data-words]").value.trim() ?? "";
    await this.event(door, does, { words: does === "needs_help" ? words : "" });
    this.open(row, false);
  }

  // Everything else that can be said of a door, drawn when it is asked for: hundreds of doors stay light.
  open(row, wanted = !row.querySelector("[data-panel]")) {
    row.querySelector("[data-panel]")?.remove();
    if (wanted) row.append(this.root.querySelector("template[data-acts-else]").content.cloneNode(true));
    row.querySelector("[data-more]").setAttribute("aria-expanded", String(wanted));
    this.fit(row);
  }

  fit(row) {
    const open = row.querySelector("[data-panel] [data-when-open]");
    if (open) open.hidden = row.dataset.outcome === "delivered";
  }

  async event(door, outcome, { code = door, words = "", undoes = null, began = 0 } = {}) {
    const at = new Date(this.now()).toISOString();
    const made = { id: newId(), outcome, code, words, undoes, door, device_at: at };
    await this.outbox.add(made);
    const row = this.doors.get(door)?.row;
    const bags = row ? row.dataset.codes.split(" ").length : 1;
    const more = outcome === "delivered" ? this.say("bags", bags) : "";
    this.last = { id: made.id, door };
    this.show([door]);
    const words_ = outcome === "undo" ? this.say("undone") : outcome === "needs_help" ? this.say("help") : this.words(outcome);
    const kind = outcome === "delivered" ? "good" : "wait";
    const photo = outcome === "delivered" && Boolean(row?.closest("[data-cart][data-photo]"));
    this.tell(kind, words_, row?.dataset.room ?? code, more, { undo: outcome !== "undo" && outcome !== "needs_help", photo });
    if (began) this.root.dataset.ms = String(Math.round(performance.now() - began));
    this.tick();
    return made;
  }

  undoLast() {
    if (this.last) return this.undo(this.last.door);
  }

  async undo(door) {
    const { event } = this.stateOf(door);
    if (event) await this.event(door, "undo", { undoes: event });
  }

  async anyway() {
    const text = this.foreign;
    this.foreign = null;
    if (text) await this.event(text, "delivered", { code: text });
  }

  async photo(event) {
    const [file] = event.target.files;
    if (file && this.last) await this.keepPhoto(this.last.id, file);
    event.target.value = "";
    this.answer.querySelector("[data-answer-photo]").hidden = true;
    this.tick();
  }

  async keepPhoto(id, file) {
    const drawn = await createImageBitmap(file);
    const scale = Math.min(1, 1280 / Math.max(drawn.width, drawn.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(drawn.width * scale), Math.round(drawn.height * scale)];
    canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
    await this.outbox.addPhoto(id, canvas.toDataURL("image/jpeg", 0.75));
  }

  // What the page shows

  stateOf(door) {
    const rendered = Number(this.root.dataset.rendered) * 1000;
    const state = { ...this.doors.get(door)?.first };
    for (const one of this.outbox.of(door)) {
      if (one.outcome === "needs_help") continue;
      // The page was made after the server had it: the server knows better.
      if (one.answer && one.answered_at + (this.offset ?? 0) < rendered) continue;
      if (one.answer?.effect === "refused") continue;
      if (one.outcome === "undo") Object.assign(state, { outcome: "", event: "", unsent: !one.answer });
      else Object.assign(state, { outcome: one.outcome, event: one.id, unsent: !one.answer, effect: one.answer?.effect });
    }
    return state;
  }

  show(doors) {
    for (const door of doors) {
      const row = this.doors.get(door)?.row;
      if (row) this.row(row, this.stateOf(door));
    }
    this.count();
  }

  row(row, state) {
    const key = shownAs(state);
    if (row.shown === key) return;
    row.shown = key;
    const more = (state.outcome === "delivered") - (row.dataset.outcome === "delivered");
    const count = more && row.closest("[data-cart]").querySelector("[data-count]");
    if (count) count.textContent = String(Number(count.textContent) + more);
    row.dataset.outcome = state.outcome;
    const shown = row.querySelector("[data-shown]");
    shown.replaceChildren(this.part(state.effect === "conflict" ? "conflict" : state.outcome));
    if (state.unsent) shown.firstElementChild?.append(this.part("unsent"));
    const acts = row.querySelector("[data-acts]");
    const kinds = [state.outcome !== "delivered" && "open", state.outcome && "said"].filter(Boolean);
    acts.replaceChildren(...kinds.map((kind) => this.acts(kind)), acts.querySelector("[data-more]"));
    this.fit(row);
  }

  acts(kind) {
    return this.root.querySelector(`template[data-acts-${kind}]`).content.cloneNode(true);
  }

  part(name) {
    return this.root.querySelector(`template[data-status="${name}"]`).content.cloneNode(true);
  }

  words(outcome) {
    return this.part(outcome).textContent.trim();
  }

  say(name, count) {
    return this.root.dataset[`say${name[0].toUpperCase()}${name.slice(1)}`].replace("{count}", count);
  }

  tell(kind, words, door, more, { undo = false, anyway = false, photo = false } = {}) {
    feedback(kind);
    this.answer.hidden = false;
    const giant = this.answer.querySelector(".giant");
    giant.className = `giant giant-${kind === "bad" ? "act" : kind}`;
    giant.lastElementChild.classList.toggle("giant-words", door.length > 4);
    this.answer.querySelector("[data-answer-words]").textContent = words;
    this.answer.querySelector("[data-answer-door]").textContent = door;
    this.answer.querySelector("[data-answer-more]").textContent = more;
    this.answer.querySelector("[data-answer-undo]").hidden = !undo;
    this.answer.querySelector("[data-answer-anyway]").hidden = !anyway;
    this.answer.querySelector("[data-answer-photo]").hidden = !photo;
    this.answer.dataset.told = String(Number(this.answer.dataset.told ?? 0) + 1);
  }

  count() {
    const waiting = this.outbox.unsent.size;
    const had = this.counter.dataset.count;
    this.counter.dataset.count = String(waiting);
    this.counter.toggleAttribute("data-sent", !waiting);
    this.counter.hidden = !waiting && (had === undefined || had === "");
    this.counter.textContent = waiting ? this.say("waiting", waiting) : this.say("sent");
    if (waiting && !this.store.isKept) this.counter.textContent += ` · ${this.say("unkept")}`;
    if (this.isOver && !waiting) this.forget();
  }

  heard(answers) {
    const told = new Map(answers.map((one) => [one.id, this.outbox.known.get(one.id)]));
    this.show(new Set([...told.values()].map((one) => one?.door)));
    const bad = answers.find((one) => one.effect === "refused" || one.effect === "conflict");
    if (bad) {
      const event = told.get(bad.id);
      const room = this.doors.get(event?.door)?.row.dataset.room ?? event?.code.slice(0, 10) ?? "";
      this.tell("bad", bad.words, room, "");
    }
  }

  // Addresses are shown until the wave ends, on the phone too

  hide(cart) {
    const over = document.createElement("p");
    over.className = "lead";
    over.textContent = this.say("over");
    for (const row of cart.querySelectorAll("[data-door]")) {
      this.doors.delete(row.dataset.door);
      for (const code of row.dataset.codes.split(" ")) this.codes.delete(code);
    }
    cart.replaceWith(over);
    if (!this.root.querySelector("[data-cart]")) this.over();
  }

  over() {
    if (this.isOver) return;
    this.isOver = true;
    for (const cart of this.root.querySelectorAll("[data-cart]")) this.hide(cart);
    for (const one of this.root.querySelectorAll("[data-scan], form")) one.remove();
    this.answer.hidden = true;
    this.keepStripped();
    this.count();
  }

  async keepStripped() {
    for (const name of await (globalThis.caches?.keys() ?? [])) {
      if (!name.startsWith(KEPT)) continue;
      const kept = await caches.open(name);
      const before = await kept.match(location.pathname);
      if (!before) continue;
      const text = `<!doctype html>${document.documentElement.outerHTML}`;
      await kept.put(location.pathname, new Response(text, { headers: before.headers }));
    }
  }

  async forget() {
    for (const name of await (globalThis.caches?.keys() ?? [])) {
      if (name.startsWith(KEPT)) await (await caches.open(name)).delete(location.pathname);
    }
  }
}

for (const root of document.querySelectorAll("[data-doors]")) {
  // Registered first: what follows may take long on a weak phone, and signal may go at any time.
  navigator.serviceWorker?.register(root.dataset.worker).catch(() => null);
  const doors = new Doors(root, await openStore());
  root.doors = doors;
  await doors.begin();
}
