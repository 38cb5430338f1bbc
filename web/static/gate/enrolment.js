// Making a device one of the gate's: the code that an administrator gave, typed or after the # of the address.

import { NoAnswer } from "./api.js";
import { byId } from "./elements.js";
import { say } from "./texts.js";

const CODE = /^[0-9A-Z]{4}-?[0-9A-Z]{4}$/;

// Resolves once the server took the code, with {device, secret, name, gate}.
export function enrol(api, message = "") {
  const [form, field, error] = [byId("enrolment-form"), byId("code"), byId("enrolment-error")];
  byId("enrolment").hidden = false;
  error.textContent = message;
  const given = decodeURIComponent(location.hash.slice(1)).toUpperCase();
  if (CODE.test(given)) {
    field.value = given;
    history.replaceState(null, "", location.pathname); // the code is nobody else's business
  }
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
    if (CODE.test(given)) form.requestSubmit ? form.requestSubmit() : form.onsubmit(new Event("submit"));
  });
}
