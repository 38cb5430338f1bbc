// The way of a scan: one after another. While the server answers, it judges; otherwise this device does.
// Either way its number is on disk before it is sent, and its verdict before it is shown.

import { NoAnswer, Refusal } from "./api.js";
import { Repeats } from "./repeats.js";
import { say } from "./texts.js";
import { passOf } from "./token.js";

const MOST_WAITING = 5;
const WAITS_FOR_MS = 60000; // a scan that waited longer is of nobody who still stands here
const PATIENCE_MS = 2000; // so long a person waits for the server before this device decides
const HANGS_MS = 700; // an answer that fails sooner may be an idle line that was cut: worth a second try
const PAUSES_MS = [300, 700]; // between tries when the server is there but cannot now

export class Scans {
  // `screen`: show(verdict, numbered), lost(numbered|null, why), problem(text), reading(bool),
  // waiting(count), late(entry), left(refusal), unkept(count).
  constructor({ store, api, line, offline, screen, boot, way }) {
    Object.assign(this, { store, api, line, offline, screen, boot, way });
    this.repeats = new Repeats();
    this.waiting = [];
    this.unkept = []; // what the device could not keep: only this page knows of it
    this.busy = false;
    this.turn = Promise.resolve(); // one act after another
    this.standing = false; // a verdict is on the screen that a person must answer
  }

  // Takes what a scanner read. `source` is camera, wedge or typed.
  offer(text, source) {
    const now = performance.now();
    if (!text || (source !== "typed" && !this.repeats.isNew(text, now))) return;
    if (this.waiting.length >= MOST_WAITING) return;
    performance.mark("scan-read");
    this.waiting.push({ text, source, now });
    if (this.standing) this.screen.waiting(this.waiting.length);
    else this.next();
  }

  // Goes on with what was scanned meanwhile; called when a verdict was answered by a person.
  release() {
    this.standing = false;
    this.next();
  }

  async next() {
    if (this.busy || this.standing) return;
    const scan = this.waiting.shift();
    if (!scan) return;
    if (performance.now() - scan.now > WAITS_FOR_MS) {
      this.screen.late({ wall: Date.now() - (performance.now() - scan.now), verdict: null });
      this.next();
      return;
    }
    this.busy = true;
    const body = { token: scan.text, direction: this.way(), source: scan.source };
    await this.perform("scan", body, { text: scan.text });
    this.next();
  }

  // Performs a scan, `undo` or `override` when its turn comes; resolves with the verdict shown, or null.
  // `about`: the scanned `text`; of a correction the `view` that it corrects.
  perform(act, body, about = {}) {
    const performed = this.turn.then(() => this.performNow(act, body, about));
    this.turn = performed.catch(() => {});
    return performed;
  }

  async performNow(act, body, about) {
    this.busy = true;
    const reading = setTimeout(() => this.screen.reading(true), 80); // a device answers sooner by itself
    let taken = { act, body, about: kept(about), boot: this.boot, wall: Date.now(), mono: Math.round(performance.now()) };
    try {
      const isOnline = this.line.isOpen && (act === "scan" || body.event);
      const asked = isOnline ? await this.store.ask(taken) : null;
      if (asked) {
        taken = asked;
        const answered = await this.ask(asked);
        if (answered) return answered.verdict;
      }
      return await this.decide(taken, about);
    } catch (error) {
      console.error(error);
      this.notKept(taken);
      return null;
    } finally {
      clearTimeout(reading);
      this.busy = false;
      this.screen.reading(false);
    }
  }

  // Asks the server. Resolves with {verdict} where it answered (null: it refused), with null where the
  // device has to decide: why under the same number is written in delivery.js.
  async ask(numbered, again = true) {
    let tries = 0;
    for (;;) {
      const started = performance.now();
      try {
        const verdict = await this.api.act(numbered, PATIENCE_MS);
        if (verdict.replayed && !tries) return await this.outOfStep(numbered, again);
        const pass = passOf(numbered.about.text || "");
        const learn = pass ? await this.offline.learn(verdict, pass) : null;
        await this.store.answered(numbered.seq, pass, learn).catch(() => {}); // then it is settled later
        this.show({ ...verdict, pass }, numbered);
        return { verdict };
      } catch (error) {
        if (error instanceof NoAnswer && !tries && performance.now() - started < HANGS_MS) {
          tries += 1;
          continue;
        }
        if (error instanceof Refusal && error.again && tries < PAUSES_MS.length) {
          await pause(PAUSES_MS[tries]);
          tries += 1;
          continue;
        }
        if (error instanceof Refusal && !error.again) return this.refused(error, numbered, tries);
        if (!(error instanceof Refusal) && !(error instanceof NoAnswer)) throw error;
        this.line.lose();
        return null;
      }
    }
  }

  // The server said no, and stored nothing; of an earlier try that is not known, so its number stays.
  async refused(error, numbered, tries) {
    if (!tries && !(await this.store.takeBack(numbered.seq))) await this.offline.undecided(asScan(numbered));
    if (error.leaves) {
      this.screen.left(error);
    } else if (numbered.act === "scan") {
      this.standing = true;
      this.screen.lost(null, "notStored", error.message);
    } else {
      this.screen.problem(error.message);
    }
    return { verdict: null };
  }

  // The server knows this number already, from before this browser's data was lost: take the next one.
  async outOfStep(numbered, again) {
    const state = await this.api.state();
    await this.store.answered(numbered.seq);
    await this.store.notBelow(state.last_seq);
    const { act, body, about, boot, wall, mono } = numbered;
    const renewed = again ? await this.store.ask({ act, body, about, boot, wall, mono }) : null;
    if (renewed) return this.ask(renewed, false);
    this.standing = true;
    this.screen.lost(null, "outOfStep");
    return { verdict: null };
  }

  async decide(taken, about) {
    if (taken.act === "scan") {
      const verdict = await this.offline.scan(taken);
      this.show(verdict, { ...taken, seq: verdict.seq });
      this.screen.decided();
      return verdict;
    }
    const { view } = about;
    if (!view || !view.seq) {
      // Another device's scan, or one from before the page was loaded: only the server knows it.
      if (taken.seq && !(await this.store.takeBack(taken.seq))) await this.offline.undecided(asScan(taken));
      this.screen.problem(say("notOffline"));
      return null;
    }
    const verdict = await this.offline.correct(taken, { corrects: view.seq, view });
    this.show(verdict, { ...taken, seq: verdict.seq });
    this.screen.decided();
    return verdict;
  }

  // The device keeps nothing any more: nobody is let pass by it. What happened stays in this page's memory
  // and goes to the disk as soon as that takes it again.
  notKept(taken) {
    this.standing = true;
    if (taken.act === "scan") {
      this.unkept.push(taken);
      this.screen.unkept(this.unkept.length);
    }
    this.screen.lost(null, "notKept");
  }

  async keepAgain() {
    while (this.unkept.length) {
      try {
        await this.offline.undecided(this.unkept[0], "not_kept");
      } catch {
        return;
      }
      this.unkept.shift();
      this.screen.unkept(this.unkept.length);
      this.screen.decided();
    }
  }

  show(verdict, numbered) {
    this.standing = verdict.verdict !== "allow";
    this.waiting = this.waiting.filter((one) => one.text !== numbered.about.text); // this is its answer
    this.screen.show(verdict, numbered);
  }
}

// What of a correction's reasons is kept on disk: texts, no parts of the page.
function kept({ text = "", quiet = false }) {
  return { text, quiet };
}

function asScan(numbered) {
  const { body, about } = numbered;
  return { ...numbered, act: "scan", body: { ...body, token: body.token || about.text || "" } };
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
