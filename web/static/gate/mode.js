// How the gate stands, always in sight: connected or since when not, how many scans wait, how old its
// knowledge is. Nobody switches a mode: it follows from what happens.

import { byId } from "./elements.js";
import { clockTime, say } from "./texts.js";

const DRAWN_MS = 10000;
export class Mode {
  constructor({ line, bundles, uploader }) {
    Object.assign(this, { line, bundles, uploader });
    this.waiting = 0;
    this.unkept = 0;
    setInterval(() => this.draw(), DRAWN_MS);
  }

  draw() {
    const { isOpen, since } = this.line;
    const line = byId("line");
    line.dataset.line = isOpen ? "open" : "lost";
    line.dataset.waiting = this.waiting;
    line.dataset.bundle = this.bundles.freshness;
    byId("line-word").textContent = isOpen ? say("connected") : say("offlineSince", { time: clockTime(since || Date.now(), false) });
    const uploading = isOpen && this.uploader.isUploading;
    byId("line-waiting").textContent = this.waiting ? say(uploading ? "uploading" : "scansWaiting", { count: this.waiting }) : "";
    byId("lost").hidden = isOpen;
    if (!isOpen) {
      byId("lost-title").textContent = byId("line-word").textContent;
      byId("lost-text").textContent = this.offline(this.bundles.freshness);
    }
    const warnings = this.warnings();
    byId("old").hidden = !warnings.length;
    byId("old-text").textContent = warnings.join(" ");
  }

  offline(freshness) {
    const { current } = this.bundles;
    return say(`offline.${freshness}`, { time: current ? clockTime(current.made_at, false) : "" });
  }

  warnings() {
    const { freshness, current } = this.bundles;
    const said = [];
    if (freshness === "old" || (freshness === "stale" && this.line.isOpen)) {
      const minutes = Math.round((this.bundles.clock.now() - current.made_at) / 60000);
      said.push(minutes < 120 ? say("oldMinutes", { count: minutes }) : say("oldHours", { count: Math.round(minutes / 60) }));
    }
    if (freshness === "clock" && this.line.isOpen) said.push(say("offline.clock"));
    if (this.line.isOpen && this.waiting && this.uploader.problem) said.push(say("notTaken", { why: this.uploader.problem }));
    if (this.unkept) said.push(say("unkept", { count: this.unkept }));
    return said;
  }
}
