// Plus and minus beside the numbers of the order page, and the running total: the form works without both.

const total = document.querySelector("[data-total]");
const boxes = [...document.querySelectorAll("input[data-price]")];

function show() {
  const fen = boxes.reduce((sum, box) => sum + Math.round((Number(box.value) || 0) * Number(box.dataset.price)), 0);
  total.hidden = fen === 0;
  total.querySelector("strong").textContent = `¥${(fen / 100).toFixed(2)}`;
}

function stepper(box, sign, by) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = sign;
  button.setAttribute("aria-label", `${sign} ${box.closest("fieldset").querySelector("legend").textContent.trim()}`);
  button.addEventListener("click", () => {
    const next = (Number(box.value) || 0) + by * (Number(box.step) || 1);
    const most = box.max === "" ? Infinity : Number(box.max);
    box.value = String(Math.max(0, Math.min(most, Math.round(next * 1000) / 1000)));
    const swap = box.closest("fieldset").querySelector("details");
    if (swap && Number(box.value) > 0) swap.open = true;
    show();
  });
  return button;
}

for (const box of boxes) {
  const buttons = document.createElement("div");
  buttons.className = "counter";
  box.before(buttons);
  buttons.append(stepper(box, "−", -1), box, stepper(box, "+", 1));
  box.addEventListener("input", show);
}
show();
