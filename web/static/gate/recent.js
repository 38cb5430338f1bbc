// The last scans and the day's counts: what the server last said, moved on by what happened since.

import { byId, element, picture } from "./elements.js";
import { clockTime, say } from "./texts.js";
import { nameOf, wordOf } from "./verdict.js";

const SHOWN = 8;
const KEPT = 20;
const NOT_COUNTED = new Set(["undo", "stub_returned"]);

export class Recent {
  // `opened(entry)` when one is touched.
  constructor(opened) {
    this.opened = opened;
    this.known = [];
    this.own = [];
    this.counts = null;
  }

  state(state) {
    // What this page showed itself says more (whose visit it is, whether it may be released).
    const more = new Map(this.own.map((one) => [one.event, one]));
    this.known = state.recent.map((line) => ({ ...more.get(line.event), ...line }));
    this.own = this.own.slice(-KEPT);
    const inside = Object.values(state.inside).reduce((sum, part) => sum + part, 0);
    this.counts = { inside, in: state.today.entered, out: state.today.left };
    this.draw();
  }

  add(verdict) {
    const { holder } = verdict;
    this.own.push({ ...verdict, name: holder ? holder.name : "" });
    if (!verdict.replayed && verdict.verdict === "allow" && !NOT_COUNTED.has(verdict.code)) this.count(verdict.direction, 1);
    if (verdict.isOffline && verdict.code === "undo") this.count(verdict.direction, -1);
    this.draw();
  }

  // A scan of an earlier life of the page; it is counted already, or will be by the server.
  remember(verdict) {
    this.own.push({ ...verdict, name: verdict.holder ? verdict.holder.name : "" });
    this.draw();
  }

  // What this device decided and the server has by now; its own list will tell it.
  delivered(seqs) {
    const gone = new Set(seqs);
    this.own = this.own.filter((one) => !(one.isOffline && gone.has(one.seq)));
  }

  count(direction, by) {
    if (!this.counts) return;
    this.counts[direction] += by;
    this.counts.inside += direction === "in" ? by : -by;
  }

  // A scan that the server never got.
  addLost(wall, reason) {
    this.own.push({ at: wall, verdict: "lost", reason, name: "", code: "lost" });
    this.draw();
  }

  lines() {
    const all = [...this.known, ...this.own];
    const corrected = new Set(all.map((line) => line.corrects).filter(Boolean));
    const here = new Set(all.map((line) => line.correctsSeq).filter(Boolean));
    const seen = new Set();
    return all
      .filter((line) => !line.event || (!seen.has(line.event) && seen.add(line.event)))
      .map((line) => ({ ...line, corrected: line.corrected || corrected.has(line.event) || (line.seq && here.has(line.seq)) }))
      .sort((a, b) => b.at - a.at)
      .slice(0, SHOWN);
  }

  draw() {
    byId("recent").replaceChildren(...this.lines().map((line) => this.item(line)));
    for (const name of ["inside", "in", "out"]) {
      byId(`count-${name}`).textContent = this.counts ? Math.max(0, this.counts[name]) : "–";
    }
  }

  item(line) {
    const word = wordOf(line);
    const way = line.kind ? ` · ${say(line.direction)}` : "";
    const canOpen = (line.event || line.seq) && !line.corrected && line.verdict !== "lost";
    const text = element("span", { class: "recent-text" },
      element(line.corrected ? "s" : "strong", {}, line.verdict === "lost" ? say("lost") : nameOf(line)),
      element("span", {}, word + way + (line.verdict === "allow" || !line.reason ? "" : ` · ${line.reason}`)));
    const look = NOT_COUNTED.has(line.code) ? "lost" : line.verdict;
    const parts = [picture(`sign-${line.verdict}`, `sign ${look}`), text, element("time", {}, clockTime(line.at, false))];
    if (!canOpen) return element("li", {}, ...parts);
    return element("li", {}, element("button", { type: "button", class: "recent-open", onclick: () => this.opened(line) }, ...parts));
  }
}
