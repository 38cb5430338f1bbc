// The roll call of this device: who is inside as it knows, for the hour in which the server is gone and
// everybody has to be counted. Printable.

import { canUnseal } from "./crypto.js";
import { byId, close, element, open } from "./elements.js";
import { clockTime, say } from "./texts.js";

export class RollCall {
  constructor({ store, bundles, offline }) {
    Object.assign(this, { store, bundles, offline });
    byId("print-inside").addEventListener("click", () => window.print());
  }

  async show() {
    const { current } = this.bundles;
    close(byId("menu"));
    byId("inside-list").replaceChildren();
    byId("inside-count").textContent = "";
    byId("inside-note").textContent = say(canUnseal ? (current ? "rollWait" : "offline.none") : "rollInsecure");
    open(byId("inside"));
    if (!current || !canUnseal) return;
    try {
      const people = await this.people();
      byId("inside-count").textContent = say("rollCount", { count: people.length });
      byId("inside-note").textContent = say("rollAsOf", { time: clockTime(current.made_at), now: clockTime(Date.now()) });
      byId("inside-list").replaceChildren(...people.map((one) => element(
        "li", {}, element("span", { class: "box", "aria-hidden": "true" }), element("strong", {}, one.name || say("nobodyKnown")), one.line ? element("small", {}, one.line) : "")));
    } catch (error) {
      byId("inside-note").textContent = say("failed", { why: String(error) });
    }
  }

  // Who the bundle says is inside, moved on by what this device saw since.
  async people() {
    const { current } = this.bundles;
    const inside = new Map((await this.bundles.insideNames()).map((one) => [one.pass_id || one.name, one]));
    for (const { pass, state, until, who } of await this.store.allSeen()) {
      if (until <= current.made_at) continue;
      if (!state.inside) inside.delete(pass);
      else if (!inside.has(pass)) inside.set(pass, (who && (await this.bundles.unsealed(who).catch(() => null))) || (await this.cardOf(pass)));
    }
    const collator = new Intl.Collator(document.documentElement.lang);
    return [...inside.values()].sort((a, b) => collator.compare(a.name, b.name));
  }

  // The pass itself opens its card; it lies in the queue until the server has the scan.
  async cardOf(pass) {
    const queued = (await this.store.all()).find((one) => one.pass === pass && one.event && one.event.token);
    if (!queued) return { name: "", line: pass.slice(0, 8) };
    const { known } = await this.offline.recognised(queued.event.token);
    const card = known && (await this.offline.card(known));
    return card ? { name: card.name, line: (card.lines || []).join(" · ") } : { name: "", line: pass.slice(0, 8) };
  }
}
