// Keeps the cart's page and our own files at hand for stairwells and cellars: a volunteer may have no signal for hours.
const KEPT = "doorstep-{{ version }}";
const PAGE = "{% url "doorstep:mine" %}";
const PATIENCE_MS = 3000; // a signal too weak to load a page counts as none
const FILES = [{% for file in files %}
  "{% static file %}",{% endfor %}
];

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname === PAGE) event.respondWith(page(event));
  else if (FILES.includes(url.pathname)) event.respondWith(file(request));
});

async function install() {
  const kept = await caches.open(KEPT);
  await kept.addAll(FILES);
  await keep(await fetch(PAGE, { credentials: "same-origin" }));
  await self.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith("doorstep-") && name !== KEPT) await caches.delete(name);
  }
  await self.clients.claim();
}

async function keep(answer) {
  if (answer.ok && !answer.redirected) await (await caches.open(KEPT)).put(PAGE, answer.clone());
  return answer;
}

async function file(request) {
  return (await caches.match(request.url)) ?? fetch(request);
}

async function page(event) {
  const asked = fetch(event.request).then(keep);
  event.waitUntil(asked.catch(() => null));
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null));
  const answer = await Promise.race([asked.catch(() => null), late]);
  const kept = await (await caches.open(KEPT)).match(PAGE);
  // Signed out with something still to send: the kept page sends it (it shows no address any more).
  if (answer?.ok || (answer && !kept)) return answer;
  return kept ?? asked;
}
