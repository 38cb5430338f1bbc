// Tells a code that stays before the scanner from one that is shown anew.
export class Repeats {
  constructor(ms = 2500) {
    this.ms = ms;
    this.lastSeen = new Map();
  }

  // Says whether a code is shown anew; each sight of it begins its time again.
  isNew(text, now = performance.now()) {
    for (const [known, at] of this.lastSeen) {
      if (now - at > this.ms) this.lastSeen.delete(known);
    }
    const fresh = !this.lastSeen.has(text);
    this.lastSeen.set(text, now);
    return fresh;
  }
}
