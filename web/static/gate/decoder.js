// The worker that reads QR codes from pictures, so that the page stays quick. Its own module: the page
// loads it only when a camera is started. It is given as /gate/decoder.js: a worker belongs to the service
// worker in whose scope its own address lies, so only from there is it kept. Nothing comes from elsewhere.

import { BarcodeDetector, prepareZXingModule } from "/static/vendor/barcode-detector/ponyfill.js";

const wasm = new URL(self.name || "/static/vendor/zxing-wasm/zxing_reader.wasm", self.location.href).href;
prepareZXingModule({
  overrides: { locateFile: () => wasm },
  fireImmediately: true,
}).then(
  () => postMessage({ ready: true, takesBitmaps: typeof OffscreenCanvas !== "undefined" }),
  (error) => postMessage({ broken: String(error) }),
);
const detector = new BarcodeDetector({ formats: ["qr_code"] });

onmessage = async ({ data: { id, image } }) => {
  try {
    const found = await detector.detect(image);
    postMessage({ id, texts: found.map((one) => one.rawValue) });
  } catch (error) {
    postMessage({ id, texts: [], broken: String(error) });
  } finally {
    if (image.close) image.close();
  }
};
