// The sheets over the scan screen: a typed code, a release by name, one of the last scans.

import { button, byId, close, element, open, picture } from "./elements.js";
import { clockTime, say } from "./texts.js";
import { nameOf, wordOf } from "./verdict.js";

export function prepareTyped(taken) {
  const [sheet, field, error] = [byId("typed"), byId("typed-code"), byId("typed-error")];
  const send = () => {
    const text = field.value.trim();
    error.textContent = text ? "" : say("noCode");
    if (!text) {
      field.focus();
      return;
    }
    field.value = "";
    close(sheet);
    taken(text);
  };
  byId("typed-form").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  // Enter ends a code here: a USB scanner may type into this field as well.
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    send();
  });
  sheet.addEventListener("close", () => { error.textContent = ""; });
}

// Asks for the reason of a release; `released(view, reason)` when one was given.
export function prepareRelease(released) {
  const [sheet, field, error] = [byId("release"), byId("reason"), byId("release-error")];
  let asked = null;
  sheet.querySelectorAll("[data-reason]").forEach((one) => one.addEventListener("click", () => {
    field.value = one.textContent;
    error.textContent = "";
    field.focus();
  }));
  byId("release-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const reason = field.value.trim();
    error.textContent = reason ? "" : say("noReason");
    if (!reason) {
      field.focus();
      return;
    }
    close(sheet);
    released(asked, reason);
  });
  return {
    ask(view) {
      asked = view;
      field.value = "";
      error.textContent = "";
      byId("release-whom").textContent = [nameOf(view), say(view.direction)].join(" · ");
      open(sheet);
    },
  };
}

// One of the last scans again, without the colours of a verdict: nobody takes it for a new one.
export class EntrySheet {
  // `correct(view, turn)`, `release(view)`.
  constructor(sheet, tell) {
    this.sheet = sheet;
    this.tell = tell;
  }

  show(line, text = "") {
    const view = { ...line, text, lines: [], photo: "" };
    const act = (perform) => () => {
      close(this.sheet);
      perform();
    };
    const acts = [];
    if (line.verdict === "allow" && !["undo", "stub_returned"].includes(line.code)) {
      if (text) {
        const way = say(line.direction === "in" ? "out" : "in");
        acts.push(button(say("turn", { way }), "", act(() => this.tell.correct(view, true)), line.direction === "in" ? "leave" : "enter"));
      }
      acts.push(button(say("undo"), "", act(() => this.tell.correct(view, false)), "undo"));
    }
    if (line.may_override) acts.push(button(say("release"), "", act(() => this.tell.release(view)), "tick"));
    if (line.registration) {
      acts.push(element("a", { class: "button", href: `/registrations/${line.registration}`, target: "_blank", rel: "noopener" },
        picture("icon-document"), say("openVisit")));
    }
    acts.push(button(say("close"), "", () => close(this.sheet)));
    this.sheet.replaceChildren(
      element("h2", { id: "entry-title" }, nameOf(line)),
      element("p", { class: "entry-what" }, picture(`sign-${line.verdict}`, `sign ${line.verdict}`),
        [wordOf(line), line.kind && say(line.direction), clockTime(line.at)].filter(Boolean).join(" · ")),
      line.reason ? element("p", {}, line.reason) : "",
      element("p", { class: "error", role: "alert" }),
      element("div", { class: "acts column" }, ...acts),
    );
    open(this.sheet);
  }

  problem(text) {
    const place = this.sheet.querySelector(".error");
    if (place) place.textContent = text;
    open(this.sheet);
  }
}
