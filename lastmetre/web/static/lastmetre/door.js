// What makes the pages pleasant: nothing here is needed to use them.

const root = document.documentElement;
const words = () => document.body.dataset;

// Short messages
export function toast(text) {
  const shown = document.createElement("div");
  shown.className = "toast";
  shown.textContent = text;
  document.getElementById("toasts")?.append(shown);
  setTimeout(() => shown.remove(), 5000);
}
document.addEventListener("lastmetre:toast", (event) => toast(event.detail.value ?? event.detail));
for (const said of document.querySelectorAll("#toasts > .toast")) setTimeout(() => said.remove(), 8000);

// Theme and care mode: at once, and remembered by the same cookie that the form sets
function remember(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}
document.addEventListener("submit", (event) => {
  const chosen = event.submitter;
  if (!event.target.matches("[data-display]") || !chosen) return;
  event.preventDefault();
  if (chosen.name === "care") {
    root.toggleAttribute("data-care", chosen.value === "1");
    remember("lm-care", chosen.value);
  } else if (chosen.value) {
    root.dataset.theme = chosen.value;
    remember("lm-theme", chosen.value);
  } else {
    delete root.dataset.theme;
    remember("lm-theme", "");
  }
  showDisplay();
});
function showDisplay() {
  for (const button of document.querySelectorAll("[data-display] button")) {
    const on = button.name === "care"
      ? root.hasAttribute("data-care") === (button.value === "1")
      : (root.dataset.theme ?? "") === button.value;
    button.setAttribute("aria-pressed", String(on));
  }
}

// A form is sent once, however often it is tapped
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Ask before what cannot be undone
function ask(question) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-label", question);
  const text = document.createElement("p");
  text.textContent = question;
  const answers = document.createElement("form");
  answers.method = "dialog";
  answers.className = "buttons";
  for (const [value, label, kind] of [["yes", words().sayYes, "danger"], ["no", words().sayNo, "plain"]]) {
    const button = document.createElement("button");
    button.value = value;
    button.textContent = label;
    button.className = `button button-${kind}`;
    answers.append(button);
  }
  dialog.append(text, answers);
  document.body.append(dialog);
  dialog.showModal();
  answers.lastElementChild.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

document.addEventListener("click", async (event) => {
  const target = event.target.closest("[data-confirm], [data-copy], [data-palette], [data-close], a[href^='#']");
  if (!target) return;
  if (target.dataset.confirm && !target.dataset.confirmed) {
    event.preventDefault();
    event.stopPropagation();
    if (!(await ask(target.dataset.confirm))) return;
    target.dataset.confirmed = "1";
    target.click();
    delete target.dataset.confirmed;
  } else if (target.dataset.copy) {
    try {
      await navigator.clipboard.writeText(target.dataset.copy);
      toast(words().sayCopied);
    } catch {
      toast(target.dataset.copy); // a page without HTTPS has no clipboard: show it instead
    }
  } else if ("palette" in target.dataset) {
    event.preventDefault();
    openPalette();
  } else if ("close" in target.dataset) {
    event.preventDefault();
    target.closest("dialog")?.close();
    if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  } else if (target.hash) {
    const dialog = document.getElementById(target.hash.slice(1));
    if (dialog?.localName === "dialog") {
      event.preventDefault();
      dialog.showModal();
    }
  }
}, true);

// Search everywhere by keyboard
async function openPalette() {
  const link = document.querySelector("[data-palette]");
  if (!link) return;
  const { open } = await import("./palette.js");
  open(link);
}
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if ((event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !typing)) {
    event.preventDefault();
    openPalette();
  }
  if (event.key === "Escape") for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// Countdowns run on the seconds the server gave, not on the phone's clock
function countdowns(scope) {
  for (const shown of scope.querySelectorAll("time[data-countdown]")) {
    const end = performance.now() + Number(shown.dataset.countdown) * 1000;
    const tick = () => {
      if (!shown.isConnected) return;
      const left = Math.max(0, Math.round((end - performance.now()) / 1000));
      if (left > 86400) return void setTimeout(tick, (left - 86400) * 1000);
      const [hours, minutes, seconds] = [left / 3600, (left / 60) % 60, left % 60].map(Math.floor);
      const two = (number) => String(number).padStart(2, "0");
      shown.textContent = hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
      shown.toggleAttribute("data-late", left < 600);
      if (left) setTimeout(tick, 1000);
      else shown.textContent = shown.dataset.over || "0:00";
    };
    tick();
  }
}

// How long somebody has had something in hand
function clocks(scope) {
  for (const shown of scope.querySelectorAll("time[data-running]")) {
    const start = performance.now() - Number(shown.dataset.running) * 1000;
    const tick = () => {
      if (!shown.isConnected) return;
      const gone = Math.round((performance.now() - start) / 1000);
      const [hours, minutes, seconds] = [gone / 3600, (gone / 60) % 60, gone % 60].map(Math.floor);
      shown.textContent = [hours, minutes, seconds].map((number) => String(number).padStart(2, "0")).join(":");
      setTimeout(tick, 1000);
    };
    tick();
  }
}

function dress(scope) {
  countdowns(scope);
  clocks(scope);
  for (const drop of scope.querySelectorAll("input[type=file]")) {
    drop.addEventListener("dragenter", () => drop.toggleAttribute("data-over", true));
    for (const end of ["dragleave", "drop"]) drop.addEventListener(end, () => drop.removeAttribute("data-over"));
  }
  if (scope.querySelector("[data-map]")) import("./map.js").then(({ draw }) => draw(scope));
}
document.addEventListener("htmx:load", (event) => event.detail.elt !== document.body && dress(event.detail.elt));
dress(document);
showDisplay();
document.querySelector("main :not([data-sample]) > form > .error-summary")?.focus();
