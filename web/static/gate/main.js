// The gate page, from the device's enrolment to its scans: which screen is shown, and what leads where.

import { Api, Line } from "./api.js";
import { CameraPart } from "./camera.js";
import { byId, close, element, open, prepareSheets } from "./elements.js";
import { codeInAddress, enrol } from "./enrolment.js";
import { takeOver } from "./operator.js";
import { Recent } from "./recent.js";
import { Scans } from "./scans.js";
import { EntrySheet, prepareRelease, prepareTyped } from "./sheets.js";
import { Sound } from "./sound.js";
import { Store } from "./store.js";
import { say } from "./texts.js";
import { VerdictScreen, viewOf } from "./verdict.js";
import { Wedge } from "./wedge.js";

function newBoot() {
  const bytes = crypto.getRandomValues(new Uint8Array(9)); // also where there is no crypto.randomUUID
  return Array.from(bytes, (byte) => byte.toString(36).padStart(2, "0")).join("");
}

class GatePage {
  constructor(store, settings) {
    this.store = store;
    this.settings = settings;
    this.api = new Api();
    this.sound = new Sound(Boolean(settings.muted));
    this.line = new Line(this.api, {
      changed: (isOpen) => this.showLine(isOpen),
      state: (state) => this.showState(state),
      left: (refusal) => this.leave(refusal),
    });
    this.scans = new Scans({
      store, api: this.api, line: this.line, screen: this, boot: newBoot(),
      way: () => ({ 0: "in", 1: "out" })[document.querySelector("[name=way]:checked").value] || "auto",
    });
    this.verdicts = new VerdictScreen(byId("verdict"), {
      sound: this.sound,
      answered: () => this.scans.release(),
      turn: (view) => this.correct(view, true),
      undo: (view) => this.correct(view, false),
      release: (view) => this.release.ask(view),
    });
    this.recent = new Recent((line) => this.entry.show(line, this.texts.get(line.event)));
    this.texts = new Map(); // what was scanned, by event, so that a wrong direction can be put right
    this.release = prepareRelease((view, reason) => this.override(view, reason));
    this.entry = new EntrySheet(byId("entry"), {
      correct: (view, turn) => this.correct(view, turn),
      release: (view) => this.release.ask(view),
    });
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
    this.mute(this.sound.muted);
  }

  // -- from screen to screen

  async begin() {
    let [device, shift] = await Promise.all([this.store.get("device"), this.store.get("shift")]);
    let message = "";
    let code = codeInAddress();
    if (device && code) {
      // An old link must not undo an enrolment: only a code that the server takes replaces it.
      const made = await this.api.enrol(code).catch(() => null);
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
      try {
        if (!shift) {
          shift = await takeOver(this.api, message);
          await this.store.set("shift", shift);
        }
        const refusal = await this.work(shift);
        message = refusal.code === "device_unknown" ? say("forgotten") : refusal.message;
        if (refusal.code === "device_unknown") device = null;
      } catch (error) {
        if (!error.leaves) throw error;
        [device, message] = [null, say("forgotten")];
      }
      shift = null;
      await this.store.remove("shift");
    }
  }

  async keep(made) {
    const device = { id: made.device, secret: made.secret, name: made.name, gate: made.gate };
    await this.store.forget();
    await this.store.set("device", device);
    return device;
  }

  // Shows the scan screen; resolves when the shift or the device is over.
  async work(shift) {
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
    const over = new Promise((resolve) => { this.over = resolve; });
    this.line.start().catch((error) => {
  console.error(error);
  fail(say("failed", { why: String(error) }));
});
    const refusal = await over;
    this.working = false;
    this.line.stop();
    this.camera.stop();
    this.verdicts.dismiss();
    document.querySelectorAll("dialog").forEach(close);
    byId("gate").hidden = true;
    this.api.shift = "";
    return refusal;
  }

  leave(refusal) {
    if (this.over) this.over(refusal);
  }

  left(refusal) {
    this.leave(refusal);
  }

  async endShift() {
    try {
      await this.api.endShift();
    } catch (error) {
      if (!error.leaves) {
        this.line.ask();
        return;
      }
    }
    this.leave({ code: "shift_over", message: "" });
  }

  // -- what scans tell the screen

  show(verdict, numbered, isLate = false) {
    const text = numbered.about.text || "";
    if (text) this.texts.set(verdict.event, text);
    if (verdict.code !== "undo" || !numbered.about.quiet) this.verdicts.show(viewOf(verdict, { text }, isLate));
    this.recent.add(verdict);
    this.refreshSoon();
  }

  // Nothing is known of this scan: it is neither let pass nor refused, and the screen says so.
  lost(numbered, why, detail = "") {
    this.verdicts.show({
      kind: "lost", reason: detail || say(why), next: say("decideYourself"), lines: [], name: "",
      at: numbered ? numbered.wall : Date.now(),
    });
  }

  problem(text) {
    if (this.verdicts.isOpen) this.verdicts.problem(text);
    else this.entry.problem(text);
  }

  reading(isReading) {
    byId("reading").hidden = !isReading;
  }

  waiting(count) {
    this.sound.play("wait");
    this.verdicts.waiting(count);
  }

  late({ verdict, wall }) {
    if (verdict) this.recent.add(verdict);
    else this.recent.addLost(wall, say("neverArrived"));
  }

  // -- what the guard does with a verdict

  // Takes a scan back; with `turn`, the same pass is then scanned in the other direction.
  async correct(view, turn) {
    this.verdicts.hold();
    const undone = await this.scans.perform("undo", { event: view.event }, { quiet: turn });
    if (undone && turn) {
      const body = { token: view.text, direction: view.direction === "in" ? "out" : "in", source: "typed" };
      await this.scans.perform("scan", body, { text: view.text });
    }
    this.scans.next();
  }

  async override(view, reason) {
    await this.scans.perform("override", { event: view.event, reason });
    this.scans.next();
  }

  // -- what is shown beside

  showLine(isOpen) {
    byId("line").dataset.line = isOpen ? "open" : "lost";
    byId("line-word").textContent = say(isOpen ? "connected" : "disconnected");
    byId("lost").hidden = isOpen;
  }

  showState(state) {
    document.querySelectorAll("[data-gate]").forEach((place) => { place.textContent = state.gate; });
    document.querySelector("[data-operator]").textContent = state.operator;
    this.recent.state(state);
    const missing = { tone: "hold", text: say("missing", { parts: state.missing.join(", ") }), path: "" };
    this.showLines(state.missing.length ? [...state.lines, missing] : state.lines, state.now);
    this.scans.settle(state);
  }

  // What plugins say of the gate: what is so in words, what can be done as buttons. Their first line is
  // the gate's own state; of the others the plain ones only lead to their button.
  showLines(lines, now) {
    const told = lines.filter((line, index) => index === 0 || !line.path || line.tone !== "info");
    byId("times").replaceChildren(...told.map((line) => element("span", { class: `time tone-${line.tone}` }, line.text)));
    const seen = new Set();
    byId("actions").replaceChildren(...lines
      .filter((line) => line.path && line.action && !seen.has(line.action) && seen.add(line.action))
      .map((line) => element("a", { class: "button small", href: line.path, target: "_blank", rel: "noopener" }, line.action)));
    clearTimeout(this.changing);
    const next = Math.min(...lines.map((line) => line.changes_at - now).filter((ms) => ms > 0));
    if (next < 3600000) this.changing = setTimeout(() => this.line.ask(), next + 1000);
  }

  refreshSoon() {
    if (this.line.isOpen) this.line.later(2500);
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
  const settings = (await store.get("settings")) || {};
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  await new GatePage(store, settings).begin();
}

start().catch((error) => {
  console.error(error);
  fail(say("failed", { why: String(error) }));
});
