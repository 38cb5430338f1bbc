// A USB or Bluetooth scanner that types like a keyboard, read with no text field focused.
//
// Passes are upper-case letters, digits and a colon. A scanner sends the physical keys of an American
// keyboard; what the system makes of them depends on its layout and input method (a Chinese one answers
// "Process"). So both are kept, and what looks like a pass is taken: the text, or else the physical keys.

const ENDS = new Set(["Enter", "NumpadEnter", "Tab"]);
const PLAIN = { Minus: "-", Equal: "=", Period: ".", Slash: "/", Semicolon: ";", Space: " " };
const SHIFTED = { Minus: "_", Equal: "+", Slash: "?", Semicolon: ":", Digit4: "$", Digit5: "%", Digit8: "*" };
const PASS = /^LF1:[A-Z2-7]{148}$/;
const PASS_LENGTH = 152;
const END_COMES_MS = 1500; // so late the end of a code that was complete already may press no button

export class Wedge {
  // `taken(text)` is called for each code. Keys further apart than `gap` ms are a person's.
  constructor(taken, { gap = 300, shortest = 6, target = window } = {}) {
    this.taken = taken;
    this.gap = gap;
    this.shortest = shortest;
    this.last = 0;
    this.swallow = 0;
    this.clear();
    target.addEventListener("keydown", (event) => this.key(event), true);
  }

  clear() {
    this.text = "";
    this.keys = "";
    this.readable = true;
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(document.activeElement)) return;
    const at = event.timeStamp;
    if (at - this.last > this.gap) this.clear();
    this.last = at;
    if (ENDS.has(event.code) || ENDS.has(event.key)) {
      const code = this.code();
      if (at < this.swallow) {
        event.preventDefault(); // the end of a code that was complete without it
      } else if (code.length >= this.shortest) {
        event.preventDefault();
        this.taken(code);
      }
      this.swallow = 0;
      this.clear();
      return;
    }
    const physical = physicalSign(event);
    const typed = isPrintable(event.key) ? event.key : "";
    if (!physical && !typed) return;
    this.keys += physical || typed;
    this.text += typed;
    this.readable = this.readable && typed !== "";
    if (this.keys.length > 2) event.preventDefault(); // a button in focus must not be pressed
    if (this.keys.length === PASS_LENGTH && PASS.test(this.code())) {
      this.swallow = at + END_COMES_MS;
      const code = this.code();
      this.clear();
      this.taken(code);
    }
  }

  code() {
    const text = this.text.toUpperCase();
    const keys = this.keys.toUpperCase();
    if (this.readable && PASS.test(text)) return text;
    if (PASS.test(keys)) return keys;
    return this.readable ? text : keys;
  }
}

function physicalSign(event) {
  const { code } = event;
  if (event.shiftKey && SHIFTED[code]) return SHIFTED[code];
  const letter = /^Key([A-Z])$/.exec(code);
  if (letter) return letter[1];
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code);
  return digit ? digit[1] : PLAIN[code] || "";
}

function isPrintable(key) {
  return typeof key === "string" && key.length === 1 && key >= " " && key <= "~";
}

function isTyping(element) {
  if (!element) return false;
  if (element.isContentEditable || element.tagName === "TEXTAREA" || element.tagName === "SELECT") return true;
  return element.tagName === "INPUT" && !/^(radio|checkbox|button|submit|range)$/.test(element.type);
}
