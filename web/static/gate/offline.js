// Deciding here: a scan, an undo or a release without the server. Each is in the queue on disk, in the same
// transaction that looks at what this device saw of the pass before, and only then shown.

import { sha256, unseal } from "./crypto.js";
import { decide, mayRelease, moved, standing } from "./deciding.js";
import { normalise, read, TokenError, UNREAD } from "./token.js";
import { say } from "./texts.js";

export class Offline {
  // `shift()` is who works here: {operatorId, mayOverride}.
  constructor({ store, bundles, clock, shift }) {
    Object.assign(this, { store, bundles, clock, shift });
  }

  // Decides a scan and keeps it; `taken` may have a number by which it was asked before. Resolves with a
  // verdict like the server's; rejects where the device keeps nothing any more.
  async scan(taken) {
    const { bundle, text, known, fault } = await this.recognised(taken.body.token);
    const card = known && bundle ? this.card(known, bundle) : null;
    const token = UNREAD.has(fault) ? { token: "", raw_hash: await sha256(text) } : { token: text };
    const at = this.at(taken);
    let decided = null;
    const numbered = await this.store.decide(taken, known ? known.pass : "", (seen) => {
      decided = this.decided({ bundle, body: known, fault, seen, asked: taken.body.direction, at });
      const event = this.event("scan", taken, { ...token, ...written(decided), source: taken.body.source });
      return { event, state: decided.state };
    });
    return this.verdict(numbered, decided, { holder: await card, stored: known && bundle ? bundle.passes[known.pass] : null });
  }

  // Takes back or releases the scan of this device with the number `corrects`; `view` is what it came to.
  async correct(taken, { corrects, view }) {
    const { act, body } = taken;
    const at = this.at(taken);
    const pass = view.pass || "";
    const { current } = this.bundles;
    const numbered = await this.store.decide(taken, pass, (seen) => {
      const known = standing(current && current.passes[pass], seen, current ? current.made_at : 0);
      const event = this.event(act, taken, {
        token: view.text || "", direction: view.direction, source: "typed", verdict: "allow", code: act, reason: body.reason || "",
        rule: "", version: "", corrects, note: body.reason || "",
      });
      if (act === "override") return { event, state: { state: moved(known, view.direction, at), before: known } };
      const before = seen && seen.seq === corrects ? seen.before : known;
      return { event, state: { state: before, before } };
    });
    const decided = { verdict: "allow", code: act, reason: body.reason || "", rule: "", version: "", direction: view.direction, state: null };
    const verdict = this.verdict({ ...numbered, ...taken, seq: numbered.seq }, decided, { holder: view.name ? view : null, stored: view.kind ? { kind: view.kind } : null });
    return { ...verdict, correctsSeq: corrects };
  }

  // A scan of which no verdict was ever shown: its page was closed meanwhile, or the device could not keep
  // it. It counts for nothing.
  async undecided(taken, code = "not_decided") {
    const { text, known, fault } = await this.recognised(taken.body.token || "");
    const token = UNREAD.has(fault) ? { token: "", raw_hash: await sha256(text) } : { token: text };
    const { direction, source } = taken.body;
    const decided = { verdict: "hold", code, rule: "SCH-20", version: "", direction: direction === "out" ? "out" : "in" };
    const reason = say(`reasons.${code}`);
    return this.store.decide(taken, known ? known.pass : "", () => ({
      event: this.event("scan", taken, { ...token, ...decided, reason, source: source || "typed" }), state: null,
    }));
  }

  // The verdict of one of the queue, as it was shown.
  async again(numbered) {
    const { event } = numbered;
    const { bundle, known } = await this.recognised(event.token);
    const stored = known && bundle ? bundle.passes[known.pass] : null;
    return this.verdict(numbered, { ...event, state: null }, { holder: stored ? await this.card(known) : null, stored });
  }

  // What the server decided, for the time after: this device knows of it before the next bundle does.
  async learn(verdict, pass) {
    // The roll call names who came in since the bundle was made; sealed for this device alone, as its names are.
    const { holder } = verdict;
    const who = holder && (await this.bundles.sealed({ name: holder.name, line: holder.lines.join(" · ") }));
    return (seen) => {
      const { current } = this.bundles;
      const before = standing(current && current.passes[pass], seen, current ? current.made_at : 0);
      if (verdict.verdict !== "allow" || verdict.code === "stub_returned") return seen;
      const counted = verdict.code === "undo" ? { ...before, inside: verdict.inside } : moved(before, verdict.direction, verdict.at);
      return { state: counted, before, until: verdict.at, ...(counted.inside && who ? { who } : {}) };
    };
  }

  // Whose pass it is, opened by the pass itself; null where this browser cannot.
  async card(body, bundle = this.bundles.current) {
    const stored = bundle && bundle.passes[body.pass];
    if (!stored || !stored.card) return null;
    const open = (sealed, purpose) => unseal(sealed, body.signature, `laifang-${purpose}-v1`);
    try {
      const card = await open(stored.card, "card");
      const face = stored.face && (await this.store.get(`face:${body.pass}:${stored.face}`));
      return { ...card, photo: face ? await open(face, "face") : card.photo };
    } catch {
      return null;
    }
  }

  async recognised(given) {
    const bundle = this.bundles.current;
    const text = normalise(given);
    if (!bundle) return { bundle, text, ...(await shape(text)) };
    try {
      return { bundle, text, known: await read(text, this.bundles.keys), fault: "" };
    } catch (error) {
      if (!(error instanceof TokenError)) return { bundle, text, known: null, fault: "gate_fault" };
      return { bundle, text, known: null, fault: error.code };
    }
  }

  // A fault of this program stops nobody: the guard decides.
  decided(facts) {
    try {
      if (facts.fault === "no_bundle" || facts.fault === "gate_fault") return ownFault(facts.fault, facts.asked);
      return decide(facts);
    } catch (error) {
      console.error(error);
      return ownFault("gate_fault", facts.asked);
    }
  }

  at(taken) {
    return taken.wall + Math.round(this.clock.offset);
  }

  event(act, taken, more) {
    const { boot, wall, mono } = taken;
    const { operatorId } = this.shift();
    return {
      act, boot, wall, mono, offset: Math.round(this.clock.offset), mode: "offline", bundle: this.bundles.version,
      operator: operatorId || null, corrects: null, note: "", ...more,
    };
  }

  verdict(numbered, decided, { holder, stored }) {
    const { event, seq, pass } = numbered;
    return {
      event: null, seq, pass, verdict: decided.verdict, code: decided.code, reason: event.reason, rule: decided.rule,
      version: decided.version, direction: decided.direction, at: this.at(numbered), kind: stored ? stored.kind : "",
      inside: decided.state ? decided.state.state.inside : false, replayed: false, registration: null, isOffline: true,
      may_override: mayRelease(decided, this.shift().mayOverride),
      holder: holder && { name: holder.name, lines: holder.lines || [], photo: holder.photo || "" },
    };
  }
}

// Without any key only the shape of a code can be seen.
async function shape(text) {
  try {
    await read(text, new Map());
  } catch (error) {
    if (UNREAD.has(error.code)) return { known: null, fault: error.code };
  }
  return { known: null, fault: "no_bundle" };
}

function ownFault(code, asked) {
  return { verdict: "hold", code, rule: "SCH-20", version: "", reason: "", text: code, values: {}, direction: asked === "out" ? "out" : "in", state: null };
}

function written({ verdict, code, reason, text, values, rule, version, direction }) {
  return { verdict, code, reason: reason || (text ? say(`reasons.${text}`, values) : ""), rule, version, direction };
}
