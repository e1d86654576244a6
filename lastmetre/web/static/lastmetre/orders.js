// Doubts by keyboard, and the total of what is keyed in. Both pages work without it.

let picked = ""; // the digit that chose what stands in the field
document.addEventListener("keydown", (event) => {
  const review = document.querySelector("[data-review]");
  if (!review || event.ctrlKey || event.metaKey || event.altKey) return;
  const typed = review.querySelector("#typed");
  if (event.target.closest("input, textarea, select, summary") && event.target !== typed) return;
  if (picked && typed.value && event.key.length === 1) typed.value = picked; // a home, such as 3-501
  picked = "";
  if (typed.value) return;
  const key = event.key.toLowerCase();
  const pressed = /^[1-9]$/.test(key) ? review.querySelector(`[data-pick="${key}"]`)
    : key === "d" ? review.querySelector("[data-discard]")
    : key === "=" ? review.querySelector("[data-alike]")
    : key === "arrowup" ? review.querySelector("[data-before]")
    : key === "arrowdown" ? review.querySelector("[data-after]")
    : null;
  if (!pressed) return;
  event.preventDefault();
  if (pressed.dataset.pick) [typed.value, picked] = [pressed.value, key]; // shown first; Enter confirms
  else pressed.click();
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
