// The camera: which one, its light, its pictures to the decoder. It tells each code it sees, again and
// again while it is in view; what is a repetition is decided by `Repeats`.

const PICTURE_MS = 60;
const IDLE_PICTURE_MS = 200; // spares the battery
const IDLE_AFTER_MS = 120000;

export class CameraError extends Error {
  // `kind`: insecure | unsupported | refused | missing | busy | failed
  constructor(kind, detail = "") {
    super(`${kind} ${detail}`);
    this.kind = kind;
  }
}

const KINDS = {
  NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "missing",
  OverconstrainedError: "missing", NotReadableError: "busy", AbortError: "busy",
};

export class Scanner {
  // `seen(text)` for each code in each picture; `ended()` when the camera went away by itself.
  constructor(video, { decoder, wasm, seen, ended }) {
    this.video = video;
    this.addresses = { decoder, wasm };
    this.seen = seen;
    this.ended = ended;
    this.on = false;
    this.asked = new Map();
    this.number = 0;
    document.addEventListener("visibilitychange", () => this.resume());
  }

  // Starts the camera chosen, or the one at the back; rejects with a CameraError. Loaded when it is wanted.
  async start(cameraId = "") {
    this.stop();
    this.on = true;
    const run = (this.run = {});
    try {
      const [stream] = await Promise.all([this.openCamera(cameraId), this.decoder()]);
      if (this.run !== run) {
        stream.getTracks().forEach((track) => track.stop());
        return;
      }
      this.stream = stream;
      this.track.addEventListener("ended", () => this.run === run && this.ended());
      Object.assign(this.video, { srcObject: stream, muted: true, playsInline: true });
      await this.video.play();
    } catch (error) {
      if (this.run === run) this.stop();
      throw error instanceof CameraError ? error : new CameraError(KINDS[error.name] || "failed", String(error));
    }
    this.stayAwake();
    this.look(run);
  }

  stop() {
    this.on = false;
    this.run = null;
    if (this.stream) this.stream.getTracks().forEach((track) => track.stop());
    this.stream = this.video.srcObject = null;
    if (this.lock) this.lock.release().catch(() => {});
    this.lock = null;
  }

  get track() {
    return this.stream ? this.stream.getVideoTracks()[0] : null;
  }

  get cameraId() {
    return (this.track && this.track.getSettings().deviceId) || "";
  }

  get hasLight() {
    const { track } = this;
    return Boolean(track && track.getCapabilities && track.getCapabilities().torch);
  }

  light(on) {
    return this.track.applyConstraints({ advanced: [{ torch: on }] });
  }

  // The cameras by id and name; names are known only after one was allowed.
  async cameras() {
    const all = await navigator.mediaDevices.enumerateDevices();
    return all
      .filter((one) => one.kind === "videoinput" && one.deviceId)
      .map((one) => ({ id: one.deviceId, name: one.label }));
  }

  async openCamera(cameraId) {
    const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
    const ask = (choice) => navigator.mediaDevices.getUserMedia({ audio: false, video: { ...size, ...choice } });
    if (cameraId) {
      try {
        return await ask({ deviceId: { exact: cameraId } });
      } catch (error) {
        if (KINDS[error.name] === "refused") throw error; // otherwise that camera is gone: take another
      }
    }
    return ask({ facingMode: { ideal: "environment" } });
  }

  decoder() {
    if (this.ready) return this.ready;
    this.ready = new Promise((resolve, reject) => {
      const failed = (why) => {
        this.ready = null;
        reject(new CameraError("unsupported", why));
      };
      this.worker = new Worker(this.addresses.decoder, { type: "module", name: this.addresses.wasm });
      this.worker.onerror = (event) => failed(event.message);
      this.worker.onmessage = ({ data }) => {
        if (data.ready) {
          this.takesBitmaps = data.takesBitmaps && typeof createImageBitmap === "function";
          resolve();
        } else if (data.id === undefined) {
          failed(data.broken);
        } else {
          const answer = this.asked.get(data.id);
          this.asked.delete(data.id);
          if (answer) answer(data.texts);
        }
      };
    });
    return this.ready;
  }

  async look(run) {
    let lastCode = performance.now();
    while (this.run === run) {
      const started = performance.now();
      if (!document.hidden && this.video.readyState >= 2 && this.video.videoWidth) {
        const texts = await this.decode().catch(() => []);
        if (this.run === run) texts.forEach((text) => text && this.seen(text));
        if (texts.length) lastCode = started;
      }
      const every = started - lastCode > IDLE_AFTER_MS ? IDLE_PICTURE_MS : PICTURE_MS;
      const rest = every - (performance.now() - started);
      await new Promise((resolve) => setTimeout(resolve, Math.max(rest, 8)));
    }
  }

  async decode() {
    const image = this.takesBitmaps ? await createImageBitmap(this.video) : this.pixels();
    const id = (this.number += 1);
    return new Promise((resolve) => {
      this.asked.set(id, resolve);
      this.worker.postMessage({ id, image }, [this.takesBitmaps ? image : image.data.buffer]);
    });
  }

  // For browsers whose workers cannot draw.
  pixels() {
    const { videoWidth: width, videoHeight: height } = this.video;
    this.canvas = this.canvas || document.createElement("canvas");
    Object.assign(this.canvas, { width, height });
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(this.video, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  }

  async stayAwake() {
    if (!navigator.wakeLock || this.lock) return;
    try {
      this.lock = await navigator.wakeLock.request("screen");
      this.lock.addEventListener("release", () => { this.lock = null; });
    } catch {
      this.lock = null; // low battery: the device decides
    }
  }

  resume() {
    if (document.hidden || !this.on || !this.stream) return;
    if (this.track.readyState === "ended") this.ended();
    else {
      this.video.play().catch(() => {});
      this.stayAwake();
    }
  }
}
