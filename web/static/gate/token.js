// The signed pass `LF1:` in the browser: read and checked exactly as core/passes/token.py does it, with the
// same codes in the same order. A test compares both on one list of ten thousand codes.

import { fromHex, joined, signatures, toHex, utf8 } from "./crypto.js";

export const LENGTH = 152;
const PREFIX = "LF1:";
const DOMAIN = utf8("laifang/LF1\0");
const SKEW_SECONDS = 120;
const BODY_BYTES = 28;
const PAYLOAD_BYTES = 92;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const VALUES = new Map(Array.from(ALPHABET, (sign, value) => [sign.charCodeAt(0), value]));
const [PASS_AT, PASS_END] = [5, 17];

export const BADGE = 1;
export const VISIT = 2;
export const EXIT = 3;
export const STUB = 4;
const TYPES = new Set([BADGE, VISIT, EXIT, STUB]);
// What stands for no pass at all: such a text may be anything, so only its hash is ever kept.
export const UNREAD = new Set(["token_length", "token_prefix", "token_alphabet"]);

export class TokenError extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

// What a typing scanner or an input method adds goes; full-width forms become plain, small letters capital.
export function normalise(text) {
  return text
    .replace(/[\u0000-\u0020\u007f-\u00a0\u200b\u2028\u2029\u2060\u3000\ufeff]/g, "")
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[a-z]/g, (sign) => sign.toUpperCase());
}

function isWhole(text) {
  if (text.length === LENGTH) return !/[\ud800-\udbff][\udc00-\udfff]/.test(text);
  return text.length > LENGTH && text.length <= 2 * LENGTH && Array.from(text).length === LENGTH;
}

// Returns the 92 bytes of a well-formed code, or throws; nothing is verified yet.
function payloadOf(text) {
  if (!isWhole(text)) throw new TokenError("token_length");
  if (!text.startsWith(PREFIX)) throw new TokenError("token_prefix");
  const bytes = new Uint8Array(PAYLOAD_BYTES);
  let [bits, held, place] = [0, 0, 0];
  for (let at = PREFIX.length; at < text.length; at += 1) {
    const value = VALUES.get(text.charCodeAt(at));
    if (value === undefined) throw new TokenError("token_alphabet");
    bits = ((bits << 5) | value) & 0xfff;
    held += 5;
    if (held >= 8 && place < PAYLOAD_BYTES) {
      held -= 8;
      bytes[place] = (bits >> held) & 0xff;
      place += 1;
    }
  }
  if (bits & ((1 << held) - 1)) throw new TokenError("token_alphabet"); // so that one pass has one text
  return bytes;
}

// Whose pass a text claims to be, "" where it is none; for what the server verified itself.
export function passOf(text) {
  try {
    return toHex(payloadOf(normalise(text)).subarray(PASS_AT, PASS_END));
  } catch {
    return "";
  }
}

// Returns what a genuine pass says, or throws a TokenError. `keys`: Map of key id to lists of raw keys.
export async function read(text, keys, verifier = null) {
  const payload = payloadOf(text);
  const [body, signature] = [payload.slice(0, BODY_BYTES), payload.slice(BODY_BYTES)];
  const candidates = keys.get(body[2]) || [];
  if (!candidates.length) throw new TokenError("token_key_unknown");
  const { verify } = verifier || (await signatures());
  const message = joined(DOMAIN, body);
  const answers = await Promise.all(candidates.map((key) => verify(key, signature, message)));
  if (!answers.some(Boolean)) throw new TokenError("token_signature");
  const view = new DataView(body.buffer);
  return {
    type: body[0], flags: body[1], keyId: body[2], audience: view.getUint16(3), pass: toHex(body.subarray(PASS_AT, PASS_END)),
    notBefore: view.getUint32(17), expires: view.getUint32(21), zones: view.getUint16(25), generation: body[27], signature,
  };
}

// Returns what is wrong with a pass here and now, "" where it is good. `at` in seconds, `zones` a mask.
export function faultOf(body, { audience, at, zones, skew = SKEW_SECONDS }) {
  if (!TYPES.has(body.type)) return "token_type";
  if (body.audience !== audience) return "foreign_organisation";
  if (at + skew < body.notBefore) return "not_yet_valid";
  if (at - skew >= body.expires) return "expired";
  return body.zones & zones ? "" : "wrong_zone";
}

// The keys of a bundle as `read` takes them; each id has a key or several. `parse` reads one.
export function keysOf(published, parse = fromHex) {
  return new Map(Object.entries(published || {}).map(([id, given]) => [Number(id), [].concat(given).map(parse)]));
}
