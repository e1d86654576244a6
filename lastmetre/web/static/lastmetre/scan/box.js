// The scan box (ui/scan.html): camera, typed code, hand scanner that types. Each reading is one event,
// `lastmetre:scan` on the box with `detail.text`; a page that does not prevent it gets the form sent as typed.

import { decoder, plain } from "./decode.js";
import { feedback, speak } from "./feedback.js";

const AGAIN_MS = 2500; // the same label held before the camera counts once
const KEYS_MS = 80; // hand scanners type faster than people

class Box {
  constructor(root) {
    this.root = root;
    this.form = root.querySelector("form");
    this.field = this.form.querySelector("[data-scan-text]");
    this.video = root.querySelector("video");
    this.starter = root.querySelector("[data-scan-start]");
    this.stopper = root.querySelector("[data-scan-stop]");
    this.last = { text: "", seen: 0 };
    this.form.addEventListener("submit", (event) => this.typed(event));
    this.starter.addEventListener("click", () => this.start());
    this.stopper.addEventListener("click", () => this.stop(true));
    this.starter.hidden = !navigator.mediaDevices?.getUserMedia;
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("visibilitychange", () => this.pause());
    this.maybeStart();
  }

  read(text, source, ms = 0) {
    const detail = { text: plain(text), source, ms };
    const event = new CustomEvent("lastmetre:scan", { detail, bubbles: true, cancelable: true });
    const free = this.root.dispatchEvent(event);
    this.root.dataset.ms = String(Math.round(ms || performance.now() - event.timeStamp));
    return free;
  }

  typed(event) {
    if (this.sending) return;
    const text = this.field.value.trim();
    if (!text) return void event.preventDefault();
    if (this.read(text, "typed")) return;
    event.preventDefault();
    this.field.value = "";
  }

  send(text, source, ms) {
    if (!this.read(text, source, ms)) return;
    this.field.value = text;
    this.sending = true;
    this.form.requestSubmit();
    this.sending = false;
  }

  key(event) {
    if (event.target.closest?.("input, textarea, select, [contenteditable], dialog")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const now = event.timeStamp;
    if (now - (this.keyAt ?? 0) > KEYS_MS) this.keys = "";
    this.keyAt = now;
    if (event.key.length === 1) this.keys += event.key;
    if (event.key !== "Enter" || this.keys.length < 6) return;
    event.preventDefault();
    this.send(this.keys, "keys");
    this.keys = "";
  }

  // Allowed once, the camera starts by itself: a scan takes no tap.
  async maybeStart() {
    if (localStorage.getItem("lm-scan") !== "on") return;
    try {
      const allowed = await navigator.permissions.query({ name: "camera" });
      if (allowed.state === "granted") this.start();
    } catch {
      // Browsers that cannot say are asked by the button.
    }
  }

  async start() {
    if (this.stream) return;
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
      });
    } catch {
      this.say(this.root.dataset.sayNoCamera);
      this.field.focus();
      return;
    }
    localStorage.setItem("lm-scan", "on");
    this.video.srcObject = this.stream;
    this.show(true);
    await this.video.play();
    try {
      this.decode ??= await decoder(this.root.dataset.wasm);
    } catch {
      this.stop(false);
      return this.say(this.root.dataset.sayNoCamera);
    }
    this.loop();
  }

  stop(forGood) {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    if (forGood) localStorage.removeItem("lm-scan");
    this.show(false);
  }

  pause() {
    if (document.hidden && this.stream) {
      this.stop(false);
      this.paused = true;
    } else if (!document.hidden && this.paused) {
      this.paused = false;
      this.start();
    }
  }

  show(on) {
    this.video.parentElement.hidden = !on;
    this.starter.hidden = on;
    this.stopper.hidden = !on;
  }

  say(text) {
    this.root.querySelector("[data-scan-said]").textContent = text;
  }

  async loop() {
    while (this.stream) {
      const began = performance.now();
      let text = null;
      try {
        text = await this.decode(this.video);
      } catch {
        // A frame that cannot be read: the next one will be.
      }
      if (text && this.stream) this.saw(text, began);
      const rest = Math.max(20, 60 - (performance.now() - began));
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
  }

  saw(text, began) {
    const now = performance.now();
    const held = text === this.last.text && now - this.last.seen < AGAIN_MS;
    this.last = { text, seen: now };
    if (held) return;
    const before = performance.now() - began;
    this.send(text, "camera", before);
    this.root.dataset.ms = String(Math.round(performance.now() - began));
  }
}

const sound = (scope) => {
  const said = scope.querySelector?.("[data-feedback]");
  if (said) feedback(said.dataset.feedback);
  if (said?.dataset.say) speak(said.dataset.say);
};
for (const root of document.querySelectorAll("[data-scan]")) root.box = new Box(root);
sound(document);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt === document.body) return;
  if (event.detail.elt.matches?.("[data-feedback]")) feedback(event.detail.elt.dataset.feedback);
  sound(event.detail.elt);
  for (const root of event.detail.elt.querySelectorAll?.("[data-scan]") ?? []) root.box ??= new Box(root);
});
