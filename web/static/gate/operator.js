// Taking over a device: who, then the PIN, on a pad for thumbs or by the keys of a keyboard.

import { NoAnswer } from "./api.js";
import { button, byId, element } from "./elements.js";
import { say } from "./texts.js";

const ASK_AGAIN_MS = 4000;

// Resolves with {secret, operator, operatorId, expires_at}; rejects when the device itself is not known any
// more. Where the server is away nobody can be asked for a PIN: the gate may go on unsigned, with no
// operator in its records, until the server is back and asks.
export function takeOver(api, message = "") {
  return new Promise((resolve, reject) => new TakeOver(api, resolve, reject).start(message));
}

class TakeOver {
  constructor(api, resolve, reject) {
    Object.assign(this, { api, resolve, reject });
    this.person = null;
    this.form = byId("pin-form");
    this.field = byId("pin");
    this.error = byId("pin-error");
  }

  start(message) {
    byId("operator").hidden = false;
    this.say(message);
    this.form.onsubmit = (event) => {
      event.preventDefault();
      this.send();
    };
    byId("go-on").onclick = () => {
      this.end();
      this.resolve({ secret: "", operator: say("unsigned"), operatorId: null, mayOverride: false });
    };
    byId("other-person").onclick = () => this.choose(null);
    this.form.querySelectorAll("[data-digit]").forEach((key) => { key.onclick = () => this.press(key.dataset.digit); });
    this.load();
  }

  say(message) {
    const place = byId("operator-message");
    place.textContent = message;
    place.hidden = !message;
  }

  async load() {
    try {
      this.people = await this.api.operators();
    } catch (problem) {
      if (problem.leaves) {
        this.end();
        this.reject(problem);
        return;
      }
      this.say(problem instanceof NoAnswer ? say("noLine") : problem.message);
      byId("unsigned").hidden = !(problem instanceof NoAnswer);
      this.timer = setTimeout(() => this.load(), ASK_AGAIN_MS);
      return;
    }
    if (this.timer) this.say("");
    byId("unsigned").hidden = true;
    byId("nobody").hidden = this.people.length > 0;
    if (!this.people.length) this.timer = setTimeout(() => this.load(), ASK_AGAIN_MS);
    byId("people").replaceChildren(
      ...this.people.map((person) => button(person.name, "", () => this.choose(person), "person")));
    if (!this.person) this.choose(this.people.length === 1 ? this.people[0] : null);
  }

  choose(person) {
    this.person = person;
    this.field.value = "";
    this.error.textContent = "";
    byId("people").hidden = Boolean(person);
    this.form.hidden = !person;
    byId("other-person").hidden = (this.people || []).length < 2;
    byId("pin-name").textContent = person ? person.name : "";
    // A phone's own keyboard stays away (inputmode none); the keys of a PC write into the field.
    if (person) this.field.focus({ preventScroll: true });
  }

  press(digit) {
    this.error.textContent = "";
    const { value } = this.field;
    this.field.value = digit ? (value + digit).slice(0, 8) : value.slice(0, -1);
  }

  async send() {
    if (this.sending || !this.field.value) return;
    this.sending = true;
    this.error.textContent = "";
    try {
      const shift = await this.api.beginShift(this.person.id, this.field.value);
      this.end();
      this.resolve({ ...shift, operatorId: this.person.id, mayOverride: false });
    } catch (problem) {
      if (problem.leaves) {
        this.end();
        this.reject(problem);
        return;
      }
      this.error.textContent = problem instanceof NoAnswer ? say("noLine") : problem.message;
    } finally {
      this.sending = false;
      this.field.value = "";
      if (!this.form.hidden) this.field.focus({ preventScroll: true });
    }
  }

  end() {
    clearTimeout(this.timer);
    byId("operator").hidden = byId("unsigned").hidden = true;
    this.form.hidden = true;
    byId("people").replaceChildren(element("span"));
  }
}
