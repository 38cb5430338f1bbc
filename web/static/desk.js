// The desk: choosing from what was found. Without this the same links and texts lead on by themselves.

const form = () => document.getElementById("registration-form");

// A found visitor fills the form; the list has done its work, the first empty field is next.
document.addEventListener("htmx:afterSwap", (event) => {
  const chosen = event.detail.requestConfig?.elt;
  if (event.detail.target?.id !== "registration-form" && !chosen?.matches?.("[data-pick]")) return;
  if (!chosen?.matches?.("[data-pick]")) return;
  document.getElementById("found").replaceChildren();
  document.getElementById("desk-q").value = "";
  const fields = [...form().querySelectorAll(".desk-grid input:not([type=hidden]), .desk-grid select")];
  (fields.find((one) => !one.value) ?? form().querySelector("[name=reason]"))?.focus();
});

// Hosts: pick with pointer or keys; typing on makes the choice void.
document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-host]");
  if (choice) pick(choice);
  else if (!event.target.closest(".field-host")) close();
});
document.addEventListener("input", (event) => {
  if (event.target.id === "f-host") document.getElementById("f-host_id").value = "";
});
document.addEventListener("keydown", (event) => {
  const inside = event.target.closest(".field-host, #found, .desk-search");
  if (!inside || event.isComposing) return;
  const list = inside.matches(".field-host") ? inside : document.getElementById("found");
  const choices = [...list.querySelectorAll("[data-host], .found-row")];
  if (event.key === "Escape") close();
  if (!choices.length) return;
  const at = choices.indexOf(document.activeElement);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const next = at + (event.key === "ArrowDown" ? 1 : -1);
    if (next < 0) (inside.matches(".field-host") ? document.getElementById("f-host") : document.getElementById("desk-q")).focus();
    else choices[Math.min(next, choices.length - 1)].focus();
  }
  if (event.key === "Enter" && event.target.matches("#f-host, #desk-q") && choices.length === 1) {
    event.preventDefault();
    choices[0].click();
  }
});

function pick(choice) {
  const input = document.getElementById("f-host");
  input.value = choice.dataset.label;
  document.getElementById("f-host_id").value = choice.dataset.host;
  close();
  form().querySelector("[name=reason]")?.focus();
}

function close() {
  document.getElementById("host-suggestions")?.replaceChildren();
}

// A live list drawn anew keeps the keyboard where it was.
let kept = null;
const mark = (element) => element?.closest("form")?.getAttribute("action") ?? element?.getAttribute("href");
document.addEventListener("htmx:beforeSwap", (event) => {
  kept = event.detail.target.contains(document.activeElement) ? mark(document.activeElement) : null;
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (!kept) return;
  const same = [...event.detail.target.querySelectorAll("a, button")].find((one) => mark(one) === kept);
  same?.focus();
  kept = null;
});
