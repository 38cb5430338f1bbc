// The gate page, from the device's enrolment to its scans: which screen is shown, and what leads where.

import { Api, Line } from "./api.js";
import { Bundles, Clock } from "./bundle.js";
import { CameraPart } from "./camera.js";
import { signatures } from "./crypto.js";
import { byId, close, open, prepareSheets } from "./elements.js";
import { codeInAddress, enrol } from "./enrolment.js";
import { GateLines } from "./gate_lines.js";
import { Mode } from "./mode.js";
import { Offline } from "./offline.js";
import { takeOver } from "./operator.js";
import { ScanScreen } from "./scan_screen.js";
import { Scans } from "./scans.js";
import { prepareTyped } from "./sheets.js";
import { Sound } from "./sound.js";
import { Store } from "./store.js";
import { say } from "./texts.js";
import { Updates } from "./updates.js";
import { Uploader } from "./upload.js";
import { Wedge } from "./wedge.js";

function newBoot() {
  const bytes = crypto.getRandomValues(new Uint8Array(9)); // also where there is no crypto.randomUUID
  return Array.from(bytes, (byte) => byte.toString(36).padStart(2, "0")).join("");
}

class GatePage {
  constructor(store, { settings, offset }) {
    this.store = store;
    this.settings = settings;
    this.api = new Api();
    this.boot = newBoot();
    this.shift = null;
    this.sound = new Sound(Boolean(settings.muted));
    this.clock = new Clock(offset, (value) => store.set("offset", value).catch(() => {}));
    const { api, clock } = this;
    this.bundles = new Bundles({
      store, api, clock, changed: () => this.mode && this.mode.draw(), isBusy: () => Boolean(this.scans && this.scans.busy),
    });
    const { bundles } = this;
    this.screen = new ScanScreen(this.sound, {
      left: (refusal) => this.leave(refusal),
      shown: () => this.line.isOpen && this.line.later(2500),
      decided: () => this.decided(),
      unkept: (count) => this.unkept(count),
    });
    this.lines = new GateLines(() => this.line.ask());
    this.offline = new Offline({ store, bundles, clock, shift: () => this.shift || {} });
    this.line = new Line(api, {
      changed: (isOpen) => this.showLine(isOpen),
      state: (state) => this.showState(state),
      left: (refusal) => this.leave(refusal),
      report: () => ({ waiting: this.mode.waiting, bundle: bundles.version }),
    });
    this.uploader = new Uploader({
      store, api, clock, boot: this.boot, offline: this.offline, open: () => !this.working || this.line.isOpen,
      tell: {
        waiting: (count) => this.showWaiting(count),
        delivered: (seqs) => this.screen.recent.delivered(seqs),
        late: (one, verdict) => this.screen.recent.add(verdict),
        drained: () => this.drained(),
      },
    });
    this.mode = new Mode({ line: this.line, bundles, uploader: this.uploader });
    this.scans = new Scans({
      store, api, line: this.line, offline: this.offline, screen: this.screen, boot: this.boot,
      way: () => ({ 0: "in", 1: "out" })[document.querySelector("[name=way]:checked").value] || "auto",
    });
    this.screen.scans = this.scans;
    this.updates = new Updates({ waiting: () => this.notDelivered() });
    this.prepare();
  }

  prepare() {
    prepareSheets();
    prepareTyped((text) => this.scans.offer(text, "typed"));
    byId("open-typed").addEventListener("click", () => open(byId("typed")));
    byId("open-without").addEventListener("click", () => open(byId("without")));
    byId("open-menu").addEventListener("click", () => open(byId("menu")));
    byId("mute").addEventListener("click", () => this.mute(!this.sound.muted));
    byId("try-sounds").addEventListener("click", () => {
      ["in", "out", "hold", "deny"].forEach((name, index) => setTimeout(() => this.sound.play(name), index * 1300));
    });
    byId("end-shift").addEventListener("click", () => this.endShift());
    const { store, api, bundles, offline } = this;
    rare("open-inside", "inside", async () => new (await import("./inside.js")).RollCall({ store, bundles, offline }));
    rare("open-signing-off", "signing-off", async () => (
      new (await import("./signing_off.js")).SigningOff({ store, api, waiting: () => this.notDelivered() })));
    // What only this page knows must not be closed away unseen.
    window.addEventListener("beforeunload", (event) => this.scans.unkept.length && event.preventDefault());
    this.mute(this.sound.muted);
    this.updates.start().catch((error) => console.warn(error));
    signatures().catch(() => {}); // loaded while there is a network
  }

  // How many scans are on this device and nowhere else.
  async notDelivered() {
    return (await this.store.all()).length + this.scans.unkept.length;
  }

  // -- from screen to screen

  async begin() {
    let [device, shift] = await Promise.all([this.store.get("device"), this.store.get("shift")]);
    let message = "";
    let code = codeInAddress();
    if (device && code) {
      const count = await this.notDelivered();
      // An old link must not undo an enrolment: only a code that the server takes replaces it, and none
      // does while scans wait here.
      if (count) message = say("waitsNotEnrolled", { count });
      const made = count ? null : await this.api.enrol(code).catch(() => null);
      if (made) [device, shift] = [await this.keep(made), null];
      code = "";
    }
    for (;;) {
      if (!device) {
        this.api.device = "";
        const made = await enrol(this.api, message, code);
        code = "";
        device = await this.keep(made);
        message = say("enrolled", { name: made.name });
      }
      this.api.device = device.secret;
      document.querySelectorAll("[data-gate]").forEach((place) => { place.textContent = device.gate; });
      document.querySelector("[data-device]").textContent = device.name;
      await this.bundles.load(device);
      this.bundles.start();
      this.uploader.start();
      try {
        if (!shift) {
          shift = await takeOver(this.api, message);
          message = "";
          await this.store.set("shift", shift);
        }
        const refusal = await this.work(shift, message);
        message = refusal.code === "device_unknown" ? await this.forgotten() : refusal.message;
        if (refusal.code === "device_unknown") device = null;
      } catch (error) {
        if (!error.leaves) throw error;
        [device, message] = [null, await this.forgotten()];
      }
      shift = null;
      await this.store.remove("shift");
    }
  }

  // The server does not know this device any more; what waits here stays until some enrolment delivers it.
  async forgotten() {
    this.bundles.stop();
    const count = await this.notDelivered();
    return count ? `${say("forgotten")} ${say("forgottenWaiting", { count })}` : say("forgotten");
  }

  async keep(made) {
    const device = { id: made.device, secret: made.secret, name: made.name, gate: made.gate, bundleKeys: made.bundle_keys || null };
    await this.store.enrolled(device);
    return device;
  }

  // Shows the scan screen; resolves when the shift or the device is over.
  async work(shift, message) {
    this.shift = shift;
    this.api.shift = shift.secret;
    document.querySelector("[data-operator]").textContent = shift.operator;
    byId("gate").hidden = false;
    this.working = true;
    this.wedge = this.wedge || new Wedge((text) => this.working && this.scans.offer(text, "wedge"));
    this.camera = this.camera || new CameraPart({
      seen: (text) => this.working && this.scans.offer(text, "camera"),
      settings: this.settings,
      save: (settings) => this.store.set("settings", settings),
    });
    this.camera.begin();
    byId("told").hidden = !message;
    byId("told-text").textContent = message;
    const over = new Promise((resolve) => { this.over = resolve; });
    this.remember().catch((error) => console.warn(error));
    this.line.start().catch((error) => {
      console.error(error);
      fail(say("failed", { why: String(error) }));
    });
    const refusal = await over;
    this.working = false;
    this.line.stop();
    this.camera.stop();
    this.screen.verdicts.dismiss();
    document.querySelectorAll("dialog").forEach(close);
    byId("gate").hidden = true;
    this.api.shift = "";
    this.shift = null;
    return refusal;
  }

  // Shows again what this device decided and still has, after the page was closed.
  async remember() {
    const queued = (await this.store.all()).filter((one) => one.decided);
    const corrected = new Set(queued.map((one) => one.event.corrects));
    for (const one of queued.filter(({ event }) => event.act === "scan").slice(-8)) {
      this.screen.recent.remember({ ...(await this.offline.again(one)), corrected: corrected.has(one.seq) });
    }
  }

  leave(refusal) {
    if (this.over) this.over(refusal);
  }

  async endShift() {
    try {
      if (this.api.shift) await this.api.endShift();
    } catch (error) {
      if (!error.leaves) {
        this.line.ask();
        return;
      }
    }
    this.leave({ code: "shift_over", message: "" });
  }

  // -- what is shown beside

  showLine(isOpen) {
    this.mode.draw();
    if (!isOpen) return;
    byId("told").hidden = true;
    this.bundles.refresh();
    this.uploader.kick();
  }

  showWaiting(count) {
    this.mode.waiting = count;
    this.mode.draw();
  }

  unkept(count) {
    this.mode.unkept = count;
    this.mode.draw();
  }

  // Something was decided here: it is delivered at once where the server is there.
  decided() {
    if (this.line.isOpen) this.uploader.kick();
    else this.uploader.count().catch(() => {});
  }

  drained() {
    this.bundles.refresh();
    if (this.working && this.line.isOpen) this.line.ask();
  }

  showState(state) {
    this.clock.learn(state.now);
    document.querySelectorAll("[data-gate]").forEach((place) => { place.textContent = state.gate; });
    document.querySelector("[data-operator]").textContent = state.operator;
    if (this.shift && this.shift.mayOverride !== state.may_override) {
      this.shift.mayOverride = state.may_override;
      this.store.set("shift", this.shift).catch(() => {});
    }
    this.screen.recent.state(state);
    const missing = { tone: "hold", text: say("missing", { parts: state.missing.join(", ") }), path: "" };
    this.lines.show(state.missing.length ? [...state.lines, missing] : state.lines, state.now);
    this.scans.keepAgain().catch(() => {});
    this.uploader.count().then((count) => count || this.store.notBelow(state.last_seq)).catch(() => {});
    this.mode.draw();
  }

  mute(muted) {
    this.sound.muted = muted;
    byId("mute").setAttribute("aria-pressed", String(muted));
    byId("mute").title = say(muted ? "muteOn" : "muteOff");
    if (Boolean(this.settings.muted) === muted) return;
    this.settings.muted = muted;
    this.store.set("settings", this.settings);
    if (!muted) this.sound.play("wait");
  }
}

// A button whose sheet is seldom wanted, so that it is loaded only then; over plain http it may be too late.
function rare(id, sheet, load) {
  let loaded = null;
  byId(id).addEventListener("click", async () => {
    try {
      loaded = loaded || (await load());
      await loaded.show();
    } catch (error) {
      byId(sheet).querySelector("[role=status]").textContent = say("failed", { why: String(error) });
      close(byId("menu"));
      open(byId(sheet));
    }
  });
}

function fail(text) {
  byId("problem").hidden = false;
  byId("problem-text").textContent = text;
}

async function start() {
  if (!window.indexedDB || !window.fetch || !window.AbortController || !Element.prototype.replaceChildren) {
    fail(say("tooOld"));
    return;
  }
  let store;
  try {
    store = await Store.open();
  } catch {
    fail(say("noStorage"));
    return;
  }
  const [settings, offset] = await Promise.all([store.get("settings"), store.get("offset")]);
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  await new GatePage(store, { settings: settings || {}, offset: offset || 0 }).begin();
}

start().catch((error) => {
  console.error(error);
  fail(say("failed", { why: String(error) }));
});
