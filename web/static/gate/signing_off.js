// Taking this browser out of the gate's service: its enrolment and all it keeps are removed. Refused while
// scans wait, for they are nowhere else.

import { byId, close, open } from "./elements.js";
import { say } from "./texts.js";

export class SigningOff {
  constructor({ store, api, waiting }) {
    Object.assign(this, { store, api, waiting });
    byId("sign-off").addEventListener("click", () => this.perform());
  }

  async show() {
    close(byId("menu"));
    this.say(await this.waiting());
    open(byId("signing-off"));
  }

  say(count) {
    byId("sign-off").hidden = count > 0;
    byId("signing-off-text").textContent = count ? say("waitsNotEmptied", { count }) : say("signOff");
  }

  async perform() {
    const count = await this.waiting();
    if (count || !(await this.store.empty())) {
      this.say(Math.max(count, 1));
      return;
    }
    await this.api.endShift().catch(() => {});
    await removeWorker().catch(() => {});
    location.reload();
  }
}

// Takes the page itself off the device.
async function removeWorker() {
  if (!navigator.serviceWorker) return;
  const registration = await navigator.serviceWorker.getRegistration("/gate").catch(() => null);
  if (registration) await registration.unregister();
  const names = window.caches ? await caches.keys() : [];
  await Promise.all(names.filter((name) => name.startsWith("laifang-gate-")).map((name) => caches.delete(name)));
}
