// The way of a scan: one after another, each with its number on disk before it is sent, each shown only as
// the server answered. What is not answered is never shown as let pass.

import { NoAnswer, Refusal } from "./api.js";
import { Repeats } from "./scanner.js";

const MOST_WAITING = 5;
const WAITS_FOR_MS = 60000; // a scan that waited longer is of nobody who still stands here
const FRESH_MS = 30000; // so long an unsent scan is sent again by itself
const SHOWN_LATE_MS = 60000;
const PAUSES_MS = [300, 700, 1500]; // between tries when the server is there but cannot now

export class Scans {
  // `screen`: show(verdict, numbered), lost(numbered|null, why), problem(text), reading(bool),
  // waiting(count), late(entry), left(refusal).
  constructor({ store, api, line, screen, boot, way }) {
    Object.assign(this, { store, api, line, screen, boot, way });
    this.repeats = new Repeats();
    this.waiting = [];
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

  // Sends a scan, `undo` or `override` when its turn comes; resolves with the verdict shown, or null.
  perform(act, body, about = {}) {
    const performed = this.turn.then(() => this.performNow(act, body, about));
    this.turn = performed.catch(() => {});
    return performed;
  }

  async performNow(act, body, about) {
    this.busy = true;
    this.screen.reading(true);
    try {
      if (!this.line.isOpen && !(await this.line.ask(1500))) {
        this.stand();
        this.screen.lost(null, "notReached");
        return null;
      }
      const settled = await this.settleFirst();
      const known = settled.find((one) => one.verdict && one.text && one.text === about.text);
      settled.filter((one) => one !== known).forEach((one) => this.screen.late(one));
      if (known) {
        this.show(known.verdict, known.numbered); // the same person again: this is what became of it
        return known.verdict;
      }
      return await this.send(await this.number(act, body, about));
    } catch (error) {
      this.stand();
      const notReached = error instanceof NoAnswer || error instanceof Refusal;
      if (error instanceof NoAnswer) this.line.lose();
      this.screen.lost(null, notReached ? "notReached" : "notKept");
      return null;
    } finally {
      this.busy = false;
      this.screen.reading(false);
    }
  }

  number(act, body, about) {
    const [wall, mono] = [Date.now(), Math.round(performance.now())];
    return this.store.number({ act, body, about, boot: this.boot, wall, mono, sent: false });
  }

  async send(numbered, again = true) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const verdict = await this.api.act(numbered);
        if (verdict.replayed && !numbered.sent) return await this.outOfStep(numbered, again);
        await this.store.answered(numbered.seq);
        this.show(verdict, numbered);
        return verdict;
      } catch (error) {
        if (error instanceof NoAnswer) {
          const first = !numbered.sent;
          numbered.sent = true;
          await this.store.keep(numbered);
          if (first) continue; // a line may have been cut while it lay idle; one number makes this safe
          this.line.lose();
          this.stand();
          this.screen.lost(numbered, "notAnswered");
          return null;
        }
        if (!(error instanceof Refusal)) throw error;
        if (error.again && attempt < PAUSES_MS.length) {
          await pause(PAUSES_MS[attempt]);
          continue;
        }
        await this.refused(error, numbered);
        return null;
      }
    }
  }

  // The server said no. A scan that may have reached it before keeps its number until that is known.
  async refused(error, numbered) {
    if (!(error.leaves && numbered.sent)) await this.forget(numbered);
    if (error.leaves) {
      this.screen.left(error);
    } else if (numbered.act === "scan") {
      this.stand();
      this.screen.lost(null, "notStored", error.message);
    } else {
      this.screen.problem(error.message);
    }
  }

  // The server knows this number already, from before this browser's data was lost: take the next one.
  async outOfStep(numbered, again) {
    const state = await this.api.state();
    await this.store.answered(numbered.seq);
    await this.store.notBelow(state.last_seq);
    if (again) {
      const { act, body, about } = numbered;
      return this.send(await this.number(act, body, about), false);
    }
    this.stand();
    this.screen.lost(null, "outOfStep");
    return null;
  }

  async forget(numbered) {
    if (!(await this.store.takeBack(numbered.seq))) await this.store.answered(numbered.seq);
  }

  show(verdict, numbered, isLate = false) {
    this.standing = verdict.verdict !== "allow";
    this.waiting = this.waiting.filter((one) => one.text !== numbered.about.text); // this is its answer
    this.screen.show(verdict, numbered, isLate);
  }

  stand() {
    this.standing = true;
  }

  // Learns what became of scans that had no answer; called with each state of the server.
  settle(state) {
    if (this.busy || this.settling) return;
    this.settling = this.settleAll(state.last_seq)
      .then((settled) => settled.forEach((one) => {
        const isYoung = one.verdict && Date.now() - one.numbered.wall < SHOWN_LATE_MS;
        if (isYoung) this.show(one.verdict, one.numbered, true);
        else this.screen.late(one);
      }))
      .catch(() => {})
      .finally(() => { this.settling = null; });
  }

  async settleFirst() {
    await this.settling;
    if (!(await this.store.unanswered()).length) return [];
    return this.settleAll((await this.api.state()).last_seq);
  }

  async settleAll(lastSeq) {
    const settled = [];
    const unanswered = (await this.store.unanswered()).sort((a, b) => b.seq - a.seq);
    // The latest first, so that numbers which the server never saw can be taken back.
    for (const numbered of unanswered) {
      let verdict = null;
      const isOld = Date.now() - numbered.wall > FRESH_MS;
      if (!(numbered.seq > lastSeq && isOld && (await this.store.takeBack(numbered.seq)))) {
        verdict = await this.sendLate(numbered);
      }
      settled.push({ numbered, verdict, text: numbered.about.text, wall: numbered.wall });
    }
    await this.store.notBelow(lastSeq);
    return settled;
  }

  async sendLate(numbered) {
    try {
      const verdict = await this.api.act(numbered);
      await this.store.answered(numbered.seq);
      return verdict;
    } catch (error) {
      if (!(error instanceof Refusal) || error.again || error.leaves) throw error;
      await this.forget(numbered);
      return null;
    }
  }
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
