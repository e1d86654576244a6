// Reads QR codes in pictures: with the browser's own reader where it has one, else with zxing as WebAssembly.

async function own() {
  try {
    const formats = await globalThis.BarcodeDetector?.getSupportedFormats();
    if (!formats?.includes("qr_code")) return null;
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (source) => (await detector.detect(source))[0]?.rawValue ?? null;
  } catch {
    return null;
  }
}

async function zxing(wasm) {
  const reader = await import("../../vendor/zxing/reader/index.js");
  // Served by us: the package would ask a network of others for it.
  await reader.prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  const options = { formats: ["QRCode"], maxNumberOfSymbols: 1 };
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async (source) => {
    const [width, height] = [source.videoWidth ?? source.width, source.videoHeight ?? source.height];
    if (!width) return null;
    const scale = Math.min(1, 960 / Math.max(width, height));
    const size = [Math.round(width * scale), Math.round(height * scale)];
    if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
    pen.drawImage(source, 0, 0, ...size);
    const found = await reader.readBarcodesFromImageData(pen.getImageData(0, 0, ...size), options);
    return found.find((one) => one.isValid)?.text ?? null;
  };
}

/** Returns a function that reads a video, canvas or picture: its text, or null where there is no code. */
export async function decoder(wasm) {
  return (await own()) ?? zxing(wasm);
}

/** A code as it is stored, like `papers.codes.plain_code`: upper case, half width, no spaces and hyphens. */
export function plain(text) {
  return text.normalize("NFKC").toUpperCase().replace(/[\s\-‐‑‒–—−_.·]/g, "");
}
