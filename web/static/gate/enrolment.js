// Making a device one of the gate's: the code that an administrator gave, typed or after the # of the address.

import { NoAnswer } from "./api.js";
import { byId } from "./elements.js";
import { say } from "./texts.js";

const CODE = /^[0-9A-Z]{4}-?[0-9A-Z]{4}$/;

// Takes the code out of the address; it is nobody else's business.
export function codeInAddress() {
  if (isLoadingAnew) return ""; // or the code would be used up by a page that goes
  const given = decodeURIComponent(location.hash.slice(1)).toUpperCase();
  if (!CODE.test(given)) return "";
  history.replaceState(null, "", location.pathname);
  return given;
}

// A code that is opened while the page stands there: begin with it.
let isLoadingAnew = false;
window.addEventListener("hashchange", () => {
  if (location.hash.length <= 8) return;
  isLoadingAnew = true;
  location.reload();
});

// Asks for a code, trying the given one first; resolves with {device, secret, name, gate}.
export function enrol(api, message = "", given = "") {
  const [form, field, error] = [byId("enrolment-form"), byId("code"), byId("enrolment-error")];
  byId("enrolment").hidden = false;
  error.textContent = message;
  field.value = given;
  field.focus();
  return new Promise((resolve) => {
    form.onsubmit = async (event) => {
      event.preventDefault();
      if (form.dataset.sending) return;
      if (!field.value.trim()) {
        field.focus();
        return;
      }
      form.dataset.sending = "yes";
      error.textContent = "";
      try {
        const made = await api.enrol(field.value.trim());
        field.value = "";
        byId("enrolment").hidden = true;
        resolve(made);
      } catch (problem) {
        error.textContent = problem instanceof NoAnswer ? say("noLine") : problem.message;
        field.select();
      } finally {
        delete form.dataset.sending;
      }
    };
    if (given) form.requestSubmit ? form.requestSubmit() : form.onsubmit(new Event("submit"));
  });
}
