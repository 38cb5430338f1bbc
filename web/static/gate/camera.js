// The part of the scan screen that is the camera: started, stopped, chosen, lit; and what to do without one.

import { byId, element } from "./elements.js";
import { say } from "./texts.js";

// Why no camera can be started here, or nothing.
function whyNoCamera() {
  if (!window.isSecureContext) return "insecure";
  if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return "unsupported";
  return typeof Worker === "undefined" ? "unsupported" : "";
}

export class CameraPart {
  // `seen(text)` for each code in view; `settings` is kept by `save(settings)`.
  constructor({ seen, settings, save }) {
    this.settings = settings;
    this.save = save;
    this.seen = seen;
    this.scanner = null; // loaded when a camera is wanted
    byId("start-camera").addEventListener("click", () => this.start(true));
    byId("stop-camera").addEventListener("click", () => this.stop(true));
    byId("light").addEventListener("click", () => this.light());
    byId("cameras").addEventListener("change", (event) => {
      this.keep({ cameraId: event.target.value });
      this.start(true);
    });
    window.addEventListener("pagehide", () => this.scanner && this.scanner.stop());
    window.addEventListener("pageshow", (event) => event.persisted && this.settings.camera && this.start());
  }

  // Starts by itself on what is held in the hand, elsewhere when it was on the last time.
  begin() {
    const why = whyNoCamera();
    byId("insecure").hidden = why !== "insecure";
    byId("start-camera").hidden = Boolean(why);
    if (why) {
      byId("prompt-text").textContent = say("promptWedge");
      if (why !== "insecure") this.explain(why);
      return;
    }
    const inHand = window.matchMedia("(pointer: coarse)").matches;
    const { camera } = this.settings;
    if (camera === undefined ? inHand : camera) this.start();
  }

  async start(byHand = false) {
    if (byHand) this.keep({ camera: true });
    this.look("starting");
    this.explain("");
    const wanted = (this.wanted = {});
    try {
      await this.load();
      if (this.wanted !== wanted) return;
      await this.scanner.start(this.settings.cameraId);
    } catch (error) {
      this.fail(error.kind || "failed");
      return;
    }
    if (!this.scanner.on) return;
    this.look("on");
    byId("light").hidden = !this.scanner.hasLight;
    byId("light").setAttribute("aria-pressed", "false");
    this.list();
  }

  async load() {
    const { Scanner } = await import("./scanner.js");
    const { decoder, wasm } = document.body.dataset;
    this.scanner = this.scanner || new Scanner(byId("video"), { decoder, wasm, seen: this.seen, ended: () => this.fail("busy") });
  }

  stop(byHand = false) {
    if (byHand) this.keep({ camera: false });
    this.wanted = null;
    if (this.scanner) this.scanner.stop();
    this.look("off");
  }

  fail(kind) {
    this.stop();
    this.explain(kind);
  }

  explain(kind) {
    const place = byId("camera-error");
    place.hidden = !kind;
    place.textContent = kind ? say(`camera.${kind}`) : "";
  }

  look(state) {
    byId("reader").dataset.camera = state;
    byId("stop-camera").hidden = state !== "on";
    byId("start-camera").hidden = state !== "off" || Boolean(whyNoCamera());
    byId("prompt-text").textContent = say(state === "starting" ? "promptStarting" : "promptWedge");
    if (state !== "on") byId("light").hidden = true;
  }

  async light() {
    const on = byId("light").getAttribute("aria-pressed") !== "true";
    try {
      await this.scanner.light(on);
      byId("light").setAttribute("aria-pressed", String(on));
    } catch {
      byId("light").hidden = true;
    }
  }

  async list() {
    const cameras = await this.scanner.cameras();
    byId("cameras").replaceChildren(...cameras.map((camera, index) => element(
      "option", { value: camera.id, selected: camera.id === this.scanner.cameraId ? "" : null },
      camera.name || say("cameraName", { number: index + 1 }))));
    document.querySelectorAll("[data-cameras]").forEach((part) => { part.hidden = cameras.length < 2; });
  }

  keep(changed) {
    Object.assign(this.settings, changed);
    this.save(this.settings);
  }
}
