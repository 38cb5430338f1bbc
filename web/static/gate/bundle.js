// What the server told this device beforehand: the bundle. Fetched every minute and after a change, taken
// only when its signature is right and it is not older than the last one, kept on disk as it came.

import { fromBase64Url, joined, seal, sha256, signatures, unseal, utf8 } from "./crypto.js";
import { freshness } from "./deciding.js";
import { keysOf } from "./token.js";

const DOMAIN = utf8("laifang-bundle-v1\0");
const STILL = utf8("laifang-bundle-still-v1\0");
const ROLL = "laifang-roll-v1";
const EVERY_MS = 60000;
const FORMAT = 1;

export class BundleError extends Error {}

export class Bundles {
  // `clock.now()` is the server's time; `changed()` when there is another one or it grew old; `isBusy()`.
  constructor({ store, api, clock, changed, isBusy }) {
    Object.assign(this, { store, api, clock, changed, isBusy });
    this.current = null;
    this.mark = ""; // of the bundle that is held, for the server to say that it still holds
    this.keys = new Map();
    this.problem = ""; // why the last one was not taken
  }

  // Reads the last one from disk, verified like one that just came.
  async load(device) {
    this.device = device;
    this.trusted = (await this.store.get("bundleKeys")) || device.bundleKeys || null;
    [this.current, this.mark] = [null, ""];
    const signed = await this.store.bundle();
    if (signed) {
      await this.take(signed).then(() => signed.again && this.again(signed.again))
        .catch((error) => { this.problem = String(error); });
    }
    this.changed();
  }

  start() {
    this.stop();
    this.on = true;
    this.refresh();
    this.timer = setInterval(() => this.refresh(), EVERY_MS);
  }

  stop() {
    this.on = false;
    clearInterval(this.timer);
  }

  // Asks for the newest one; resolves with whether it was taken.
  refresh() {
    if (this.asking) return this.asking;
    this.asking = this.ask().finally(() => { this.asking = null; });
    return this.asking;
  }

  async ask() {
    try {
      const signed = await this.api.bundle(this.mark);
      while (this.isBusy()) await new Promise((resolve) => setTimeout(resolve, 100));
      await (signed.still ? this.again(signed, true) : this.take(signed, true));
      this.problem = "";
      return true;
    } catch (error) {
      if (error instanceof BundleError) this.problem = error.message;
      return false;
    } finally {
      this.changed();
    }
  }

  // What was signed by a key that this device believes, and the bytes that say it.
  async verified(signed, domain) {
    const bytes = fromBase64Url(signed.bundle);
    const bundle = JSON.parse(new TextDecoder().decode(bytes));
    // A device enrolled before there were bundles learns the first keys as it learned its secret: from the
    // server itself. From then on only what those keys signed is believed.
    const keys = keysOf(this.trusted || bundle.bundle_keys, fromBase64Url);
    const { verify } = await signatures();
    const message = joined(domain, bytes);
    // Signed by every key that can sign: one of them is known to a device that was away for long.
    const given = Object.entries({ [signed.key]: signed.signature, ...signed.signatures });
    const answers = await Promise.all(given.flatMap(([id, signature]) => (
      (keys.get(Number(id)) || []).map((key) => verify(key, fromBase64Url(signature), message)))));
    if (!answers.some(Boolean)) throw new BundleError("signature");
    if (bundle.format !== FORMAT) throw new BundleError("format");
    if (bundle.version < this.version) throw new BundleError("older");
    return bundle;
  }

  // The server says that the last bundle still holds: only its time is new.
  async again(signed, isNew = false) {
    const said = await this.verified(signed, STILL);
    if (said.still !== this.mark) throw new BundleError("older");
    Object.assign(this.current, { version: said.version, made_at: said.made_at });
    if (isNew) await this.kept({ ...this.signed, again: signed });
  }

  async kept(signed) {
    await this.store.keepBundle(signed).catch((error) => { this.problem = String(error); });
    await this.store.forgetSeen(this.current.made_at).catch(() => {});
  }

  async take(signed, isNew = false) {
    const bundle = await this.verified(signed, DOMAIN);
    const mark = await sha256(signed.bundle);
    if (isNew) await this.store.set("bundleKeys", bundle.bundle_keys).catch(() => {});
    this.trusted = bundle.bundle_keys;
    this.keys = keysOf(bundle.pass_keys, fromBase64Url);
    this.current = { ...bundle, revoked: new Set(bundle.revoked), rules: bundle.rules || [] };
    [this.signed, this.mark] = [signed, mark];
    if (isNew) {
      await this.kept(signed);
      this.faces().catch((error) => console.warn(error));
    }
  }

  // Photos come beside the bundle, once each; without them the gate shows the name.
  async faces() {
    if (!Object.values(this.current.passes).some((one) => one.face)) return;
    await (await import("./faces.js")).keepFaces(this);
  }

  get version() {
    return this.current ? this.current.version : 0;
  }

  // fresh | old | stale | clock | none
  get freshness() {
    return this.current ? freshness(this.current, this.clock.now()) : "none";
  }

  // Who is inside as the bundle knows: [{name, line, pass_id}], sealed for this device alone.
  async insideNames() {
    if (!this.current || !this.current.inside_names) return [];
    return this.unsealed(this.current.inside_names);
  }

  unsealed(names) {
    return unseal(names, utf8(this.device.secret), ROLL);
  }

  // A name to keep on this device; nothing where it cannot be sealed.
  sealed(name) {
    return seal(name, utf8(this.device.secret), ROLL).catch(() => null);
  }
}

// The server's time, as far as this device knows it: its own clock, put right by the last answer, and within
// one life of the page by the clock that nobody can set.
export class Clock {
  constructor(offset = 0, save = () => {}) {
    this.save = save;
    this.saved = offset;
    this.set(Date.now() + offset);
  }

  set(now) {
    [this.base, this.mono] = [now, performance.now()];
  }

  now() {
    return Math.round(this.base + performance.now() - this.mono);
  }

  learn(serverNow) {
    this.set(serverNow);
    if (Math.abs(this.offset - this.saved) < 1000) return;
    this.saved = this.offset;
    this.save(this.saved);
  }

  // What has to be added to this device's own clock.
  get offset() {
    return this.now() - Date.now();
  }
}
