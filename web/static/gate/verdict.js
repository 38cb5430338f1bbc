// The verdict: the whole screen at once, by colour, shape, word, sound. A green one goes by itself; amber and
// red ones stay until a person answered them. Slate is for what is neither: not checked, or taken back.

import { button, close, element, open, picture } from "./elements.js";
import { clockTime, say } from "./texts.js";

const RESTS_MS = 2500;
const RESTS_WITH_NOTE_MS = 5000;
const GOES = new Set(["allow", "done"]); // what goes from the screen by itself
const UNREAD = new Set(["token_length", "token_prefix", "token_alphabet"]);
const WORDS = { override: "released", undo: "undone", stub_returned: "stub" };

// What a scan came to, in a word, and who it was, also where nobody is known.
export function wordOf({ code, verdict }) {
  return say(WORDS[code] || verdict);
}

export function nameOf({ name, code }) {
  return name || say(UNREAD.has(code) ? "notAPass" : "nobodyKnown");
}

export class VerdictScreen {
  // `sound`; `answered()` when it went away; `turn(view)`, `undo(view)`, `release(view)` for its buttons.
  constructor(dialog, { sound, answered, turn, undo, release }) {
    this.dialog = dialog;
    this.sound = sound;
    this.tell = { answered, turn, undo, release };
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.dismiss();
    });
    dialog.addEventListener("click", (event) => {
      if (this.view && GOES.has(this.view.look) && !event.target.closest("button, a")) this.dismiss();
    });
  }

  get isOpen() {
    return Boolean(this.view);
  }

  // Shows {look: allow|hold|deny|lost|done, word?, way, name, lines, photo, reason, next, rule, at, ...}.
  show(view) {
    clearTimeout(this.timer);
    this.view = view;
    const { dialog } = this;
    dialog.dataset.kind = view.look;
    dialog.dataset.code = view.code || "";
    dialog.replaceChildren(this.frame(view));
    dialog.setAttribute("role", GOES.has(view.look) ? "dialog" : "alertdialog");
    const wasOpen = dialog.open;
    open(dialog); // which takes the focus to the first button: asking for it again would lay out twice
    if (wasOpen) {
      dialog.scrollTop = 0;
      const first = dialog.querySelector("button");
      if (first) first.focus({ preventScroll: true });
    }
    this.sound.play({ allow: view.direction, done: "wait" }[view.look] || view.look);
    if (GOES.has(view.look)) this.rest(view.reason ? RESTS_WITH_NOTE_MS : RESTS_MS);
    measure();
  }

  rest(ms) {
    const bar = element("div", { class: "verdict-rest" });
    bar.style.animationDuration = `${ms}ms`;
    this.dialog.append(bar);
    this.timer = setTimeout(() => this.dismiss(), ms);
  }

  // Keeps a green verdict on the screen while its buttons are used.
  hold() {
    clearTimeout(this.timer);
    const bar = this.dialog.querySelector(".verdict-rest");
    if (bar) bar.remove();
  }

  dismiss() {
    if (!this.view) return;
    clearTimeout(this.timer);
    this.view = null;
    close(this.dialog);
    this.tell.answered();
  }

  waiting(count) {
    const place = this.dialog.querySelector(".verdict-queue");
    if (place) place.textContent = count ? say("waiting", { count }) : "";
  }

  problem(text) {
    const place = this.dialog.querySelector(".verdict-problem");
    if (place) place.textContent = text;
  }

  frame(view) {
    return element(
      "div", { class: "verdict-frame" },
      element("div", { class: "verdict-body" },
        this.head(view),
        element("div", { class: "verdict-what" }, this.who(view), this.why(view))),
      element("p", { class: "verdict-queue", role: "status" }),
      element("p", { class: "verdict-queue verdict-problem", role: "alert" }),
      this.acts(view),
    );
  }

  head(view) {
    const way = view.direction && view.isOnRecord;
    const word = element("p", { class: "verdict-word", id: "verdict-word" }, view.word || say(view.look));
    word.style.setProperty("--ems", widthOf(word.textContent));
    return element(
      "div", { class: "verdict-head" },
      picture(`sign-${view.look === "done" ? "allow" : view.look}`, "sign"),
      element("div", {},
        word,
        way && element("p", { class: "verdict-way" }, picture(view.direction === "in" ? "icon-enter" : "icon-leave"), say(view.direction))),
    );
  }

  who(view) {
    if (!view.name) return null;
    return element(
      "div", { class: "verdict-who" },
      view.photo && this.photo(view),
      element("div", {},
        element("p", { class: "verdict-name" }, view.name),
        ...view.lines.map((line) => element("p", { class: "verdict-line" }, line))),
    );
  }

  photo(view) {
    const image = element("img", { class: "verdict-photo", src: view.photo, alt: say("photoOf", { name: view.name }) });
    image.addEventListener("error", () => image.replaceWith(
      element("span", { class: "verdict-photo verdict-initial", "aria-hidden": "true" }, view.name.slice(0, 1))));
    return image;
  }

  why(view) {
    const [reason, next] = view.next ? [view.reason, view.next] : inTwo(view.reason);
    return element(
      "div", { class: "verdict-why", id: "verdict-why" },
      reason && element("p", { class: "verdict-reason" }, reason),
      next && element("p", { class: "verdict-next" }, element("b", {}, say("next")), next),
      element("p", { class: "verdict-small" },
        element("time", {}, clockTime(view.at)),
        view.rule && element("span", {}, `${say("rule")} ${view.rule}`),
        view.isOffline && element("span", { class: "by-device" }, say("byDevice"))),
    );
  }

  acts(view) {
    const acts = [];
    const done = (text, kind = "big") => button(text, kind, () => this.dismiss());
    if (GOES.has(view.look)) {
      acts.push(done(say("continue"), "primary big"));
      if (view.canUndo) {
        const other = say(view.direction === "in" ? "out" : "in");
        if (view.text) acts.push(button(say("turn", { way: other }), "big", () => this.tell.turn(view), view.direction === "in" ? "leave" : "enter"));
        acts.push(button(say("undo"), "big", () => this.tell.undo(view), "undo"));
      }
    } else {
      acts.push(done(say(view.look === "hold" ? "notReleased" : "understood"), "primary big"));
      if (view.canRelease) acts.push(button(say("release"), "big", () => this.tell.release(view), "tick"));
    }
    if (view.visit) {
      acts.push(element("a", { class: "button big", href: `/registrations/${view.visit}`, target: "_blank", rel: "noopener" },
        picture("icon-document"), say("openVisit")));
    }
    return element("div", { class: "acts" }, ...acts);
  }
}

// What a verdict looks like on the screen. `scan`: what this page knows of it (text).
export function viewOf(verdict, scan = {}) {
  const { holder } = verdict;
  return {
    look: ["undo", "stub_returned"].includes(verdict.code) ? "done" : verdict.verdict, // nobody passes
    kind: verdict.kind,
    word: verdict.code === "override" ? "" : wordOf(verdict),
    code: verdict.code,
    direction: verdict.direction,
    name: holder ? holder.name : "",
    lines: holder ? holder.lines : [],
    photo: holder ? holder.photo : "",
    reason: verdict.reason,
    rule: verdict.rule,
    at: verdict.at,
    event: verdict.event,
    visit: verdict.registration || "",
    text: scan.text || "",
    canRelease: verdict.may_override,
    canUndo: verdict.verdict === "allow" && !["undo", "stub_returned"].includes(verdict.code),
    isOnRecord: Boolean(verdict.kind), // else the direction means nothing
    isOffline: Boolean(verdict.isOffline),
    seq: verdict.seq,
    pass: verdict.pass || "",
  };
}

// How wide a word is in its own type size, so that it is drawn as large as the screen allows.
function widthOf(word) {
  return Array.from(word).reduce((sum, sign) => sum + (sign > "\u2e7f" ? 1.03 : 0.62), 0);
}

// Reasons are written as what is wrong, then what to do: the first sentence, and the rest.
function inTwo(text) {
  const found = /^(.+?[.。!！?？])\s*(\S.*)$/s.exec(text || "");
  return found ? [found[1], found[2]] : [text, ""];
}

// Tells the tools of the browser how long it took from the code being read to the verdict being seen.
function measure() {
  requestAnimationFrame(() => setTimeout(() => {
    if (!performance.getEntriesByName("scan-read").length) return;
    performance.measure("scan-to-verdict", "scan-read");
    performance.clearMarks("scan-read");
    performance.clearMeasures("scan-to-verdict");
  }));
}
