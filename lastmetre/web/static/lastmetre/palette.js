// The command palette: the search page's own answer, in a dialog, by keyboard.

let dialog;

export function open(link) {
  dialog ??= build(link);
  dialog.showModal();
  dialog.querySelector("input").select();
}

function build(link) {
  const label = link.textContent.trim();
  const made = document.createElement("dialog");
  made.className = "dialog palette";
  made.setAttribute("aria-label", label);
  const form = document.createElement("form");
  form.action = link.href;
  form.setAttribute("role", "search");
  const input = document.createElement("input");
  Object.assign(input, { type: "search", name: "q", autocomplete: "off", placeholder: link.dataset.palette });
  input.setAttribute("aria-label", label);
  const found = document.createElement("div");
  found.className = "palette-found";
  found.setAttribute("aria-live", "polite");
  form.append(input);
  made.append(form, found);
  document.body.append(made);

  let asked = 0;
  let timer;
  const look = async () => {
    const mine = ++asked;
    const address = new URL(form.action);
    address.searchParams.set("q", input.value);
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" } });
      const text = await answer.text();
      if (mine !== asked) return; // a later letter has been typed
      if (answer.ok) found.innerHTML = text;
      else form.submit();
    } catch {
      found.textContent = document.body.dataset.sayOffline;
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 150);
  });
  form.addEventListener("submit", (event) => {
    const first = found.querySelector("a");
    if (!first) return;
    event.preventDefault();
    first.click();
  });
  made.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const stops = [input, ...found.querySelectorAll("a")];
    stops.at((stops.indexOf(document.activeElement) + step) % stops.length).focus();
  });
  made.addEventListener("click", (event) => event.target === made && made.close());
  look();
  return made;
}
