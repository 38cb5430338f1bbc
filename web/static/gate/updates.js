// The service worker that keeps the page itself on the device, and newer versions of it. A new one waits
// until the guard takes it, and is not taken while scans wait.

import { byId } from "./elements.js";
import { say } from "./texts.js";

const LOOKS_MS = 30 * 60 * 1000;

export class Updates {
  // `waiting()` resolves with how many scans wait; `isBusy()` while somebody is being judged.
  constructor({ waiting, isBusy }) {
    Object.assign(this, { waiting, isBusy });
    this.taken = false;
    byId("update-now").addEventListener("click", () => this.take());
  }

  async start() {
    const { serviceWorker } = navigator;
    if (!window.isSecureContext || !serviceWorker) return;
    serviceWorker.addEventListener("controllerchange", () => this.taken && location.reload());
    this.registration = await serviceWorker.register("/gate/worker.js", { scope: "/gate" });
    this.registration.addEventListener("updatefound", () => this.watch(this.registration.installing));
    if (this.registration.waiting) this.tell();
    setInterval(() => this.registration.update().catch(() => {}), LOOKS_MS);
  }

  watch(worker) {
    if (!worker) return;
    worker.addEventListener("statechange", () => worker.state === "installed" && serviceWorkerHere() && this.tell());
  }

  tell(text = say("update")) {
    byId("update").hidden = false;
    byId("update-text").textContent = text;
  }

  async take() {
    const count = await this.waiting();
    if (count) {
      this.tell(say("updateWaits", { count }));
      return;
    }
    const { waiting } = this.registration;
    this.taken = true;
    if (waiting) waiting.postMessage("take over");
    else location.reload();
  }
}

function serviceWorkerHere() {
  return Boolean(navigator.serviceWorker.controller);
}
