// Doubts by keyboard, and the total of what is keyed in. Both pages work without it.

let picked = ""; // the digit that chose what stands in the field
document.addEventListener("keydown", (event) => {
  const asked = document.querySelector("[data-review]");
  if (!asked || event.ctrlKey || event.metaKey || event.altKey) return;
  const typed = asked.querySelector("#typed");
  if (event.target.closest("input, textarea, select, summary") && event.target !== typed) return;
  if (picked && typed.value && event.key.length === 1) typed.value = picked; // a home, such as 3-501
  picked = "";
  if (typed.value) return;
  const key = event.key.toLowerCase();
  const pressed = /^[1-9]$/.test(key) ? asked.querySelector(`[data-pick="${key}"]`)
    : key === "d" ? asked.querySelector("[data-discard]")
    : key === "=" ? asked.querySelector("[data-alike]")
    : key === "u" ? document.querySelector("[data-take-back]")
    : key === "arrowup" ? asked.querySelector("[data-before]")
    : key === "arrowdown" ? asked.querySelector("[data-after]")
    : null;
  if (!pressed) return;
  event.preventDefault();
  if (pressed.dataset.pick) [typed.value, picked] = [pressed.value, key]; // shown first; Enter confirms
  else pressed.click();
});

// The next doubt stands on the page already and shows at once; answers go to the server one after another, and what
// it says of them shows around the doubt that is read meanwhile.
const RETRY_MS = 2000;
const MOST_TRIES = 5;
const answers = [];
const typedBefore = new Map(); // what stood in a doubt that another came before, by its id
const review = document.getElementById("review");
let takesBack = false; // asked for while an answer was still on its way

const show = (card) => {
  const shown = review.querySelector("[data-review]");
  const field = shown?.querySelector("#typed");
  if (field?.value && !shown.dataset.sent) typedBefore.set(shown.dataset.review, field.value);
  card();
  const now = review.querySelector("[data-review]");
  const typed = now?.querySelector("#typed");
  if (!typed) return;
  typed.value = typedBefore.get(now.dataset.review) ?? "";
  if (matchMedia("(pointer: fine)").matches) typed.focus(); // on a phone the keyboard would hide what is asked
};

const send = async ({ address, body }) => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await fetch(address, { method: "POST", body, headers: { "HX-Request": "true" } });
    } catch (error) {
      if (tries === MOST_TRIES) throw error;
      await new Promise((done) => { setTimeout(done, RETRY_MS); });
    }
  }
};

const heard = (html) => {
  const page = document.createElement("template");
  page.innerHTML = html;
  const [shown, told] = [review, page.content].map((where) => where.querySelector("[data-review]"));
  const isSame = shown && told && shown.dataset.review === told.dataset.review;
  if (!isSame || page.content.querySelector("[data-refused]")) {
    show(() => review.replaceChildren(page.content));
    return;
  }
  for (const around of ["[data-about]", "[data-behind]"]) // the doubt itself stays: somebody may be typing
    review.querySelector(around).replaceWith(page.content.querySelector(around));
};

const sendAll = async () => {
  if (review.dataset.busy) return;
  review.dataset.busy = "1";
  try {
    while (answers.length) {
      const answer = await send(answers[0]);
      const home = answer.headers.get("HX-Redirect");
      if (home && takesBack) break;
      if (home || !answer.ok) {
        location.assign(home ?? location.href);
        return;
      }
      const html = await answer.text();
      answers.shift();
      if (!answers.length) heard(html);
    }
  } catch {
    location.reload(); // the doubt is open still
    return;
  }
  delete review.dataset.busy;
  if (takesBack) review.querySelector("[data-take-back]").click();
  takesBack = false;
};

review?.addEventListener("submit", (event) => {
  const card = event.target.closest("[data-review]");
  if (!card) {
    takesBack = Boolean(review.dataset.busy);
    if (takesBack) event.preventDefault();
    return;
  }
  event.preventDefault();
  if (card.dataset.sent) return;
  card.dataset.sent = "1";
  const body = new FormData(event.target);
  const { submitter } = event;
  if (submitter?.name) body.append(submitter.name, submitter.value);
  answers.push({ address: event.target.action, body });
  const ahead = review.querySelector("template");
  if (ahead && !body.has("alike")) show(() => { card.replaceWith(ahead.content); ahead.remove(); });
  sendAll();
});

const form = document.querySelector("[data-keyed]");
if (form) {
  const goods = new Map();
  for (const row of document.querySelectorAll("[data-code]")) goods.set(row.dataset.code.toLowerCase(), row);
  const box = form.elements.keyed;
  const shown = form.querySelector("[data-total]");
  const read = (word) => {
    if (goods.has(word)) return [goods.get(word), 1];
    for (let cut = word.length - 1; cut > 0; cut -= 1) {
      const amount = /^(?:[*x×=:：])?(\d{1,5}(?:\.\d{1,3})?)$/.exec(word.slice(cut));
      if (amount && goods.has(word.slice(0, cut))) return [goods.get(word.slice(0, cut)), Number(amount[1])];
    }
    return null;
  };
  const total = () => {
    const words = box.value.normalize("NFKC").toLowerCase()
      .replace(/([a-z\u4e00-\u9fff])\s+(?=\d+(?:\.\d+)?(?:[\s,;]|$))/g, "$1").split(/[\s,;、。+]+/).filter(Boolean);
    const found = words.map(read);
    const unknown = words.filter((_, place) => !found[place]);
    const fen = found.reduce((sum, one) => sum + (one ? Math.round(one[1] * Number(one[0].dataset.fen)) : 0), 0);
    shown.textContent = unknown.length
      ? `${shown.dataset.unknown} ${unknown.join(" ")}`
      : words.length ? `${(fen / 100).toFixed(2)} ${shown.dataset.yuan}` : "";
  };
  box.addEventListener("input", total);
  total();
}
