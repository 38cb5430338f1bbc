// What plugins say of the gate itself, and what can be done about it.

import { byId, element } from "./elements.js";

export class GateLines {
  // `ask()` when the next change is due.
  constructor(ask) {
    this.ask = ask;
  }

  // What plugins say of the gate: what is so in words, what can be done as buttons. Their first line is
  // the gate's own state; of the others the plain ones only lead to their button.
  show(lines, now) {
    const told = lines.filter((line, index) => index === 0 || !line.path || line.tone !== "info");
    byId("times").replaceChildren(...told.map((line) => element("span", { class: `time tone-${line.tone}` }, line.text)));
    const seen = new Set();
    byId("actions").replaceChildren(...lines
      .filter((line) => line.path && line.action && !seen.has(line.action) && seen.add(line.action))
      .map((line) => element("a", { class: "button small", href: line.path, target: "_blank", rel: "noopener" }, line.action)));
    clearTimeout(this.changing);
    const next = Math.min(...lines.map((line) => line.changes_at - now).filter((ms) => ms > 0));
    if (next < 3600000) this.changing = setTimeout(() => this.ask(), next + 1000);
  }
}
