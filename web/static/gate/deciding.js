// What a gate decides without the server. Pure: from the bundle, what this device saw itself, and the scan.
// The rules, their order and their codes are those of core/gate/policies.py; where the server would know
// what is not known here, the answer is amber and the guard decides.

import { faultOf, STUB, UNREAD, VISIT } from "./token.js";

const CLOCK_MS = 120000;
const GRAVITY = { allow: 0, hold: 1, deny: 2 };
// What a pass may be out of while its holder is inside: no reason to lock anybody in.
const NO_REASON_TO_KEEP = new Set(["expired", "not_yet_valid", "wrong_zone"]);
const BADGE_RULE = "SCH-19";
const SIGNATURE_RULE = "SCH-20";
const PRESENCE_RULE = "CORE-6";
// Held because something is not known here: whoever is on duty was told to decide, and may say how.
const UP_TO_THE_GUARD = new Set([
  "no_bundle", "stale", "clock", "gate_fault", "unknown_pass", "token_key_unknown", "stub_unexpected", "not_inside",
]);

const ALLOW = { verdict: "allow", code: "", rule: "" };
const hold = (code, rule, more) => ({ verdict: "hold", code, rule, ...more });
const deny = (code, rule, more) => ({ verdict: "deny", code, rule, ...more });

export function mayRelease({ verdict, code }, operatorMay) {
  return verdict === "hold" && (operatorMay || UP_TO_THE_GUARD.has(code));
}

// fresh | old (it shows) | stale (nothing is decided by it) | clock (this device's clock cannot be right).
export function freshness(bundle, at) {
  const age = at - bundle.made_at;
  if (age < -CLOCK_MS) return "clock";
  if (age > bundle.hard_ms) return "stale";
  return age > bundle.fresh_ms ? "old" : "fresh";
}

const wayOf = (given) => ({ 0: "in", 1: "out" })[given] || (given === "in" || given === "out" ? given : "");

// Where a pass stands: as this device saw it, until the bundle knows of that as well.
export function standing(stored, seen, madeAt) {
  if (seen && seen.until > madeAt) return seen.state;
  if (!stored) return { inside: false, entries: 0, lastAt: 0, lastWay: "" };
  return { inside: Boolean(stored.inside), entries: stored.entries || 0, lastAt: stored.last_at || 0, lastWay: wayOf(stored.last_direction) };
}

// Where it stands after an event that counts.
export function moved(before, direction, at) {
  const entering = direction === "in";
  return { inside: entering, entries: before.entries + entering, lastAt: at, lastWay: direction };
}

// Decides about one scan: {verdict, code, rule, version, reason|text, values, direction, state|null}.
// `reason` is a text of a rule, `text` the name of one of the page's own with its `values`.
//   body, fault: what the token says, or the code of what is wrong with it (exactly one of them)
//   asked: in | out | auto;   at: the server's time as far as known;   madeAt etc. from the bundle (or null)
export function decide({ bundle, body, fault, seen, asked, at }) {
  const told = asked === "auto" ? "in" : asked;
  if (fault) return answer(unreadable(fault, asked), told, null);
  const unfit = bundle ? freshness(bundle, at) : "no_bundle";
  const stored = bundle ? bundle.passes[body.pass] : null;
  const state = standing(stored, seen, bundle ? bundle.made_at : 0);
  const direction = directionOf(body, asked, state, at, bundle);
  if (unfit !== "fresh" && unfit !== "old") return answer(hold(unfit, SIGNATURE_RULE), direction, null);
  const core = coreAnswer({ bundle, body, stored, state, direction, at });
  const decided = core.verdict === "deny" ? core : gravest([core, ruled({ bundle, body, stored, direction, at })]);
  const counts = decided.verdict === "allow" && decided.code !== "stub_returned";
  return answer(decided, direction, counts ? { state: moved(state, direction, at), before: state } : null);
}

function answer(decided, direction, state) {
  return { version: "", reason: "", values: {}, text: decided.code, ...decided, direction, state };
}

function unreadable(code, asked) {
  // A key that this device was not told of yet is our own lack; what is no pass or forged stays refused.
  if (code === "token_key_unknown" || (asked === "out" && !UNREAD.has(code) && code !== "token_signature")) {
    return hold(code, SIGNATURE_RULE);
  }
  return deny(code, SIGNATURE_RULE);
}

// As asked, or the other way than last time; shown again within the window it is the same way again.
function directionOf(body, asked, state, at, bundle) {
  if (body.type === STUB) return "out";
  if (asked !== "auto") return asked;
  if (bundle && isAgain(state, at, bundle)) return state.lastWay;
  return state.inside ? "out" : "in";
}

function isAgain(state, at, bundle) {
  return Boolean(state.lastWay) && Math.max(0, at - state.lastAt) < bundle.passback_ms;
}

function coreAnswer({ bundle, body, stored, state, direction, at }) {
  const { audience, gate } = bundle;
  const fault = faultOf(body, { audience, at: Math.floor(at / 1000), zones: 1 << gate.zone });
  if (fault && !NO_REASON_TO_KEEP.has(fault)) return deny(fault, SIGNATURE_RULE);
  if (body.type !== STUB && bundle.revoked.has(body.pass)) return deny("revoked", BADGE_RULE);
  if (!stored) return fault && direction === "in" ? deny(fault, SIGNATURE_RULE) : hold("unknown_pass", SIGNATURE_RULE);
  if (body.generation !== stored.generation) {
    return deny("reissued", BADGE_RULE, body.type === STUB ? { text: "reissued_stub" } : {});
  }
  if (body.type === STUB) return stub(state);
  return gravest([
    timely(fault, state, direction),
    body.type === VISIT || stored.group === "visit" ? visit(state, direction) : ALLOW,
    usedUp(stored, state, direction),
    atHome(bundle, stored, direction),
    passback(bundle, state, direction, at),
  ]);
}

// The stub of a slip lets nobody in. Where it came from may be known at another gate only.
function stub(state) {
  if (state.inside) return ALLOW;
  return wasInside(state) ? { ...ALLOW, code: "stub_returned" } : hold("stub_unexpected", "CORE-12");
}

function timely(fault, state, direction) {
  if (!fault) return ALLOW;
  if (direction === "out" && state.inside) return hold(fault, SIGNATURE_RULE, { text: `leaving_${fault}` });
  return deny(fault, SIGNATURE_RULE);
}

function usedUp(stored, state, direction) {
  return stored.single_entry && direction === "in" && state.entries ? deny("used", BADGE_RULE) : ALLOW;
}

// By the site's own choice: what admits once is let in without the server at one gate only.
function atHome(bundle, stored, direction) {
  if (!bundle.home_gate || !stored.single_entry || direction !== "in" || stored.home_gate === bundle.gate.id) return ALLOW;
  return hold("not_home_gate", SIGNATURE_RULE);
}

function passback(bundle, state, direction, at) {
  if (state.lastWay !== direction || !isAgain(state, at, bundle)) return ALLOW;
  return hold("passback", BADGE_RULE, { values: { seconds: Math.max(0, Math.floor((at - state.lastAt) / 1000)) } });
}

function visit(state, direction) {
  if (direction === "out") return state.inside ? ALLOW : hold("not_inside", PRESENCE_RULE);
  if (state.inside) return hold("already_inside", PRESENCE_RULE);
  return wasInside(state) ? deny("visit_left", "CORE-1") : ALLOW;
}

// Visitors are let in by the desk as well, which is no entry by the pass.
function wasInside(state) {
  return state.entries > 0 || state.lastWay === "out";
}

// The first of the rules that fits: plugins wrote them into the bundle for the hours to come.
function ruled({ bundle, body, stored, direction, at }) {
  const found = bundle.rules.find((one) => (
    (!one.pass || one.pass === body.pass)
    && (!one.kinds || !one.kinds.length || Boolean(stored && one.kinds.includes(stored.kind)))
    && (!one.groups || Boolean(stored && one.groups.includes(stored.group)))
    && (!one.direction || one.direction === direction)
    && (!one.starts || at >= one.starts) && (!one.ends || at < one.ends)
  ));
  if (!found) return ALLOW;
  const { verdict, code, reason, rule, version } = found;
  return { verdict, code: verdict === "allow" ? "" : code, reason, rule, version };
}

// The gravest answer; of equals the first, but of allowing ones the one that bears a note.
function gravest(answers) {
  return answers.reduce((worst, one) => {
    const more = GRAVITY[one.verdict] - GRAVITY[worst.verdict];
    return more > 0 || (more === 0 && one.verdict === "allow" && one.reason && !worst.code) ? one : worst;
  });
}
