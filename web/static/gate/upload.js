// When what this device decided is delivered: at once while the server is there, when it is back, and what an
// earlier life of the page left behind. How it is done is loaded only then (delivery.js, locks.js).

import { Refusal } from "./api.js";

const LOOKS_MS = 5000;

export class Uploader {
  // `tell`: delivered(seqs), late(numbered, verdict), waiting(count), drained(). `open()`: whether to try by
  // itself. The rest is what Delivery needs.
  constructor({ tell, open, ...parts }) {
    Object.assign(this, { tell, open, parts });
    this.store = parts.store;
    this.problem = "";
    this.isUploading = false;
  }

  start() {
    this.stop();
    this.timer = setInterval(() => (this.open() ? this.kick() : this.count().catch(() => {})), LOOKS_MS);
    this.kick();
  }

  stop() {
    clearInterval(this.timer);
  }

  // Delivers what waits. Called again meanwhile, it looks once more at the end.
  async kick() {
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = true;
    try {
      do {
        this.again = false;
        if ((await this.store.first(1)).length) await this.deliver();
      } while (this.again);
    } catch (error) {
      this.problem = error instanceof Refusal ? error.message : "";
    } finally {
      this.running = this.isUploading = false;
      await this.count().catch(() => {});
    }
  }

  async deliver() {
    const [{ Delivery }, { alone }] = await Promise.all([import("./delivery.js"), import("./locks.js")]);
    const uploading = () => {
      this.isUploading = true;
      return this.count();
    };
    this.delivery = this.delivery || new Delivery({ ...this.parts, tell: { ...this.tell, uploading } });
    await alone(this.store, "upload", () => this.delivery.deliver());
    this.problem = "";
  }

  async count() {
    const count = await this.store.waiting();
    this.tell.waiting(count);
    return count;
  }
}
