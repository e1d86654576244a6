// Maps of our own geometry, without a tile server; tiles come in only where an address is set.

const colours = { good: "--good", now: "--brand", wait: "--wait-mark", act: "--act", idle: "--edge" };

function load(tag, attributes) {
  return new Promise((resolve, reject) => {
    const made = Object.assign(document.createElement(tag), attributes);
    made.addEventListener("load", resolve);
    made.addEventListener("error", reject);
    document.head.append(made);
  });
}

async function leaflet(from) {
  if (!window.L) {
    await Promise.all([
      load("link", { rel: "stylesheet", href: from.leafletStyle }),
      load("script", { src: from.leaflet }),
    ]);
  }
  return window.L;
}

export async function draw(scope) {
  for (const canvas of scope.querySelectorAll("[data-map]:not([data-drawn])")) {
    const L = await leaflet(canvas.dataset);
    canvas.dataset.drawn = "1";
    const shapes = await (await fetch(canvas.dataset.map)).json();
    canvas.hidden = false;
    const flat = shapes.schematic === true; // a drawing in metres, not on the globe
    const map = L.map(canvas, { crs: flat ? L.CRS.Simple : L.CRS.EPSG3857, attributionControl: Boolean(canvas.dataset.tiles), zoomSnap: 0.25, minZoom: flat ? -4 : 3 });
    if (canvas.dataset.tiles && !flat) L.tileLayer(canvas.dataset.tiles, { attribution: canvas.dataset.attribution ?? "" }).addTo(map);
    const style = getComputedStyle(document.documentElement);
    const colour = (feature) => style.getPropertyValue(colours[feature.properties.state] ?? "--brand").trim();
    const layer = L.geoJSON(shapes, {
      style: (feature) => ({ color: colour(feature), weight: 2, fillOpacity: 0.2 }),
      pointToLayer: (feature, at) => L.circleMarker(at, { radius: 9, color: colour(feature), fillOpacity: 0.7 }),
      onEachFeature: (feature, drawn) => {
        const { name, href, detail } = feature.properties;
        if (name) drawn.bindTooltip(name, { permanent: Boolean(feature.properties.label), direction: "center" });
        if (!href) return;
        const link = Object.assign(document.createElement("a"), { href, textContent: name });
        const box = document.createElement("div");
        box.append(link, document.createElement("br"), detail ?? "");
        drawn.bindPopup(box);
      },
    }).addTo(map);
    if (layer.getBounds().isValid()) map.fitBounds(layer.getBounds(), { padding: [24, 24] });
  }
}
