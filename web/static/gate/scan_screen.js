// What scans show: the verdict over the whole screen, the last ones beside, and what the guard does with them.

import { byId } from "./elements.js";
import { Recent } from "./recent.js";
import { EntrySheet, prepareRelease } from "./sheets.js";
import { say } from "./texts.js";
import { VerdictScreen, viewOf } from "./verdict.js";

export class ScanScreen {
  // `tell`: left(refusal) when the device or shift is over, shown(), decided(), unkept(count). `scans` is set
  // once there are any.
  constructor(sound, tell) {
    this.sound = sound;
    this.tell = tell;
    this.verdicts = new VerdictScreen(byId("verdict"), {
      sound,
      answered: () => this.scans.release(),
      turn: (view) => this.correct(view, true),
      undo: (view) => this.correct(view, false),
      release: (view) => this.release.ask(view),
    });
    this.recent = new Recent((line) => this.entry.show(line, this.texts.get(keyOf(line))));
    this.texts = new Map(); // what was scanned, by event, so that a wrong direction can be put right
    this.release = prepareRelease((view, reason) => this.override(view, reason));
    this.entry = new EntrySheet(byId("entry"), {
      correct: (view, turn) => this.correct(view, turn),
      release: (view) => this.release.ask(view),
    });
  }

  left(refusal) {
    this.tell.left(refusal);
  }

  decided() {
    this.tell.decided();
  }

  unkept(count) {
    this.tell.unkept(count);
  }

  show(verdict, numbered) {
    const text = numbered.about.text || "";
    if (text) this.texts.set(keyOf(verdict), text);
    if (verdict.code !== "undo" || !numbered.about.quiet) this.verdicts.show(viewOf(verdict, { text }));
    requestAnimationFrame(() => setTimeout(() => { // the guard sees the verdict first
      this.recent.add(verdict);
      this.tell.shown();
    }));
  }

  // Nothing is known of this scan: it is neither let pass nor refused, and the screen says so. Amber where
  // the device could not keep it: the guard decides.
  lost(numbered, why, detail = "") {
    this.verdicts.show({
      look: why === "notKept" ? "hold" : "lost", code: why, reason: detail || say(why), next: say("decideYourself"), lines: [], name: "",
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
    const undone = await this.scans.perform("undo", eventOf(view), { quiet: turn, view, text: view.text });
    if (undone && turn) {
      const body = { token: view.text, direction: view.direction === "in" ? "out" : "in", source: "typed" };
      await this.scans.perform("scan", body, { text: view.text });
    }
    this.scans.next();
  }

  async override(view, reason) {
    await this.scans.perform("override", { ...eventOf(view), reason }, { view, text: view.text });
    this.scans.next();
  }
}

function keyOf({ event, seq }) {
  return event || `#${seq}`;
}

function eventOf({ event }) {
  return event ? { event } : {};
}
