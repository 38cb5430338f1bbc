// Delivering what waits to the server, exactly once; upload.js says when.
//
// Each event has its own number and the server keeps one of each number, so sending again is always safe.
// What needs thought is a scan that was sent to be judged by the server and got no answer. A person stands
// there, so it is decided here, under the SAME number. Why the same one: the request may still be under way
// (in a proxy, a buffer of the system, a server that hangs) and arrive later. Were the decision given a new
// number, that late request would be judged and stored as a second scan of the same person; under the same
// number it finds the number taken and changes nothing.
//   The same number is only wrong where the server had stored its own verdict already, and only the answer
// was lost. It would then meet one number with two contents, which looks like a cloned device. So before
// anything is uploaded the server is asked for the last number it knows. Numbers are given one after another
// and nothing is asked while decided ones wait, so what is not above that number is stored:
//   - not known there: the event is uploaded under its number. Should the late request still arrive, it is
//     answered with the stored verdict; should it arrive first, within these milliseconds, the server puts
//     the event aside for a person. Nothing is lost either way.
//   - known there: asked again, which the server answers with its stored verdict. The same verdict and way
//     as shown here: done. Another one: what happened at the gate is what the guard was shown, so it is
//     recorded by a NEW number; and where the server had counted its own, that is taken back by an undo.
// A scan for which nothing was shown, because its page was closed, is uploaded as held: it counts nothing.

import { Refusal } from "./api.js";

const MOST = 500;
const ORPHAN_MS = 15000; // asked so long ago: its page is gone

export class Delivery {
  // `tell`: uploading(), delivered(seqs), late(numbered, verdict), drained().
  constructor({ store, api, offline, clock, boot, tell }) {
    Object.assign(this, { store, api, offline, clock, boot, tell });
    this.most = MOST;
  }

  async deliver() {
    const waiting = await this.store.first(this.most);
    if (!waiting.some((one) => one.decided || !isYoung(one))) return;
    let { last_seq: last } = await this.api.upload([], await this.store.waiting(), this.boot);
    for (;;) {
      const found = await this.store.first(this.most);
      if (found.some((one) => isOutOfStep(one, last))) {
        // The browser lost its count: these numbers are others' already.
        await this.store.renumber((one) => isOutOfStep(one, last), last);
        continue;
      }
      if (!found.length) break;
      const ready = await this.settled(found, last);
      if (!ready) return;
      if (!ready.length) continue;
      await this.tell.uploading();
      const answer = await this.send(ready);
      if (!answer) continue;
      last = answer.last_seq;
      if (!(await this.forget(answer))) return;
    }
    this.most = MOST;
    this.tell.drained();
  }

  // Returns those that can be uploaded as they are, [] where others were put in order first, or null where
  // the rest must wait.
  async settled(found, last) {
    const ready = [];
    for (const one of found) {
      const isKnown = one.seq <= last;
      if (one.decided && !(one.asked && !one.sent && isKnown)) {
        ready.push(one);
        continue;
      }
      // The server tells what it stored only to who is on duty; and a young one may still be answered.
      const mustWait = (isKnown && !this.api.shift) || (!one.decided && isYoung(one));
      if (mustWait) return ready.length ? ready : null;
      if (isKnown) await this.settle(one);
      else await this.close(one);
      return ready;
    }
    return ready;
  }

  // The server knows this number: learn what it decided, and tell it what was done here instead.
  async settle(one) {
    let stored = null;
    try {
      stored = await this.api.act(one);
    } catch (error) {
      if (!(error instanceof Refusal) || error.again || error.leaves) throw error;
    }
    const { event } = one;
    if (!event || (stored && stored.verdict === event.verdict && stored.direction === event.direction)) {
      await this.store.delivered([one.seq], stored ? stored.at : 0);
      this.tell.delivered([one.seq]);
      if (stored) this.tell.late(one, stored);
      return;
    }
    await this.store.renumber((other) => other.seq === one.seq);
    if (stored && stored.verdict === "allow") await this.takeBack(one);
  }

  takeBack(one) {
    const { boot, wall, mono, event } = one;
    const taken = { act: "undo", body: { reason: "" }, about: { quiet: true }, boot, wall, mono };
    return this.store.decide(taken, one.pass, () => ({
      event: { ...event, act: "undo", verdict: "allow", code: "undo", reason: "", corrects: one.seq, source: "typed", note: "" }, state: null,
    }));
  }

  async close(one) {
    if (one.act === "scan") {
      await this.offline.undecided(one);
      return;
    }
    // A correction that never reached the server and was never shown as done.
    if (!(await this.store.takeBack(one.seq))) {
      await this.offline.undecided({ ...one, act: "scan", body: { token: one.about.text || "" } });
    }
  }

  async send(ready) {
    await this.store.keep(...ready.map((one) => ({ ...one, sent: true })));
    const events = ready.map((one) => ({ ...one.event, seq: one.seq }));
    try {
      return await this.api.upload(events, await this.store.waiting(), this.boot);
    } catch (error) {
      // Refused as a whole: something in it is not understood. Halves find out what; the rest goes on.
      if (!(error instanceof Refusal) || ![400, 413, 422].includes(error.status) || ready.length === 1) throw error;
      this.most = Math.ceil(ready.length / 2);
      return null;
    }
  }

  // Whatever the server took, or put aside for a person, is forgotten here. Says whether it took anything.
  async forget({ acked, quarantined, now }) {
    const seqs = [...acked, ...quarantined.map((one) => one.seq)];
    if (!seqs.length) return false;
    await this.store.delivered(seqs, now);
    this.clock.learn(now);
    this.tell.delivered(seqs);
    return true;
  }
}

function isOutOfStep(one, last) {
  return one.decided && !one.asked && !one.sent && one.seq <= last;
}

function isYoung(one) {
  const age = Date.now() - one.wall;
  return age >= 0 && age < ORPHAN_MS;
}
