// What the gate needs of cryptography: signatures (Ed25519), sealed texts, hashes. By the browser's own
// WebCrypto; where that is missing (plain http) or knows no Ed25519, by the vendored noble libraries, which
// are loaded only then. Sealed texts are opened by WebCrypto alone: without it there are none.

const SUBTLE = globalThis.crypto && crypto.subtle;
const ED25519 = { name: "Ed25519" };
// The key of RFC 8032, test 1: a browser that takes it knows Ed25519.
const SAMPLE = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

export const canUnseal = Boolean(SUBTLE);

export function utf8(text) {
  return new TextEncoder().encode(text);
}

export function fromHex(text) {
  return Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
}

export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromBase64Url(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = new Uint8Array(plain.length);
  for (let place = 0; place < plain.length; place += 1) bytes[place] = plain.charCodeAt(place);
  return bytes;
}

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((place, part) => (whole.set(part, place), place + part.length), 0);
  return whole;
}

async function byWebCrypto() {
  const imported = new Map(); // by the key's bytes as text
  const load = (key) => SUBTLE.importKey("raw", key, ED25519, false, ["verify"]);
  await load(fromHex(SAMPLE));
  return {
    name: "webcrypto",
    async verify(key, signature, message) {
      const known = toHex(key);
      if (!imported.has(known)) imported.set(known, await load(key));
      return SUBTLE.verify("Ed25519", imported.get(known), signature, message);
    },
  };
}

async function byNoble() {
  const [ed25519, { sha512 }] = await Promise.all([
    import("../vendor/noble-ed25519/index.js"), import("../vendor/noble-hashes/sha2.js"),
  ]);
  ed25519.hashes.sha512 = sha512;
  return {
    name: "noble",
    verify: async (key, signature, message) => ed25519.verify(signature, message, key, { zip215: false }),
  };
}

let found = null;

// The one that verifies here: {name, verify(key, signature, message) -> bool}. `forced` is for tests.
export function signatures(forced = "") {
  if (forced) return forced === "noble" ? byNoble() : byWebCrypto();
  if (!found) {
    found = (SUBTLE ? byWebCrypto().catch(byNoble) : byNoble());
    found.catch(() => { found = null; }); // not loaded for want of a network: try again
  }
  return found;
}

async function derived(secret, purpose, use) {
  const material = await SUBTLE.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: utf8(purpose) };
  return SUBTLE.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, [use]);
}

// Seals something as the server would, to keep it here; `unseal` opens it.
export async function seal(value, secret, purpose) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const key = await derived(secret, purpose, "encrypt");
  return joined(iv, new Uint8Array(await SUBTLE.encrypt({ name: "AES-GCM", iv }, key, utf8(JSON.stringify(value)))));
}

// Opens what the server sealed (iv of 12 bytes, then AES-GCM) under a key derived from `secret` for `purpose`.
export async function unseal(sealed, secret, purpose) {
  const all = typeof sealed === "string" ? fromBase64Url(sealed) : sealed;
  const key = await derived(secret, purpose, "decrypt");
  const plain = await SUBTLE.decrypt({ name: "AES-GCM", iv: all.slice(0, 12) }, key, all.slice(12));
  return JSON.parse(new TextDecoder().decode(plain));
}

export async function sha256(text) {
  const bytes = utf8(text);
  if (SUBTLE) return toHex(new Uint8Array(await SUBTLE.digest("SHA-256", bytes)));
  const { sha256: hash } = await import("../vendor/noble-hashes/sha2.js");
  return toHex(hash(bytes));
}
