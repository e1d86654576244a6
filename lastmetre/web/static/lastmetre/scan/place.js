// Sends each reading of a scan box in place: the answer takes the place of the last one, is heard and spoken,
// and the camera runs on. Every reading has its own id, so that one sent again after a lost answer counts once.

import { feedback, speak } from "./feedback.js";

const TRIES = 4;
const WAIT_MS = 800;
const REST_MS = 1500;

// By hand: `crypto.randomUUID` is missing where a phone reaches us without https.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

class Sender {
  constructor(box) {
    this.form = box.querySelector("form");
    this.answer = document.querySelector("[data-scan-answer]");
    this.line = Promise.resolve();
    box.addEventListener("lastmetre:scan", (event) => {
      event.preventDefault();
      const id = newId();
      this.line = this.line.then(() => this.send(event.detail.text, id));
    });
  }

  async send(code, id) {
    const body = new FormData(this.form);
    body.set("code", code);
    body.set("id", id);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const options = { method: "POST", body, headers: { "HX-Request": "true" } };
        const response = await fetch(this.form.action, options);
        // Signed out, or no longer allowed: the whole page says so.
        if (response.redirected || response.status === 403) return void location.reload();
        if (response.ok) return this.show(await response.text());
      } catch {
        // No connection: tried again below.
      }
      if (attempt >= TRIES) break;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS * attempt));
    }
    this.fail(code);
  }

  show(html) {
    const found = new DOMParser().parseFromString(html, "text/html");
    this.answer.replaceChildren(...found.body.childNodes);
    const said = this.answer.querySelector("[data-feedback]");
    if (said) feedback(said.dataset.feedback);
    if (said?.dataset.say) speak(said.dataset.say);
    clearTimeout(this.later);
    this.later = setTimeout(() => this.catchUp(), REST_MS);
  }

  // When the hand rests, what else the page says catches up: how many are missing, what stands on which cart.
  async catchUp() {
    const stale = document.querySelector("[data-catch-up]");
    if (!stale || document.querySelector("dialog[open]")) return;
    try {
      const response = await fetch(location.href);
      if (!response.ok || response.redirected) return;
      const found = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = found.querySelector("[data-catch-up]");
      if (fresh && !stale.contains(document.activeElement)) stale.replaceChildren(...fresh.childNodes);
    } catch {
      // No connection: the next reading tries again.
    }
  }

  fail(code) {
    const line = document.createElement("p");
    line.className = "giant giant-act";
    line.setAttribute("role", "alert");
    line.textContent = `${code}: ${document.body.dataset.sayOffline}`;
    this.answer.replaceChildren(line);
    feedback("bad");
  }
}

for (const box of document.querySelectorAll("[data-scan]")) new Sender(box);
