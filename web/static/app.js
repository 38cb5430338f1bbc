// What pages gain where JavaScript runs. Every page works without it, except live boards.

const text = (name) => document.body.dataset[name] ?? "";
const each = (root, selector, act) => root.querySelectorAll(selector).forEach(act);

// Menus: one open at a time, closed by Escape or a click elsewhere.
document.addEventListener("click", (event) => {
  each(document, "details[data-menu][open], details.nav-drawer[open]", (menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    each(document, "details[data-menu][open], details.nav-drawer[open]", (menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
  const typing = event.target.closest?.("input, textarea, select, [contenteditable], dialog");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const target = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input, textarea, select")) {
    target.focus();
    target.select?.();
  } else {
    target.click();
  }
});

// Light and dark: at once, kept in the cookie the server reads.
document.addEventListener("submit", (event) => {
  const choice = event.submitter?.value;
  if (!event.target.matches("[data-theme-switch]") || !choice) return;
  event.preventDefault();
  const secure = location.protocol === "https:" ? ";secure" : "";
  document.cookie = `theme=${choice};path=/;max-age=31536000;samesite=lax${secure}`;
  document.documentElement.dataset.bsTheme = choice;
  document.querySelector('meta[name="color-scheme"]').content = choice === "auto" ? "light dark" : choice;
  each(event.target, "button", (button) => button.removeAttribute("aria-current"));
  event.submitter.setAttribute("aria-current", "true");
});

// Ask before an act that is hard to take back, then guard against sending a form twice.
const asked = new WeakSet();

function ask(question, confirmed) {
  const dialog = document.createElement("dialog");
  dialog.className = "confirm-dialog";
  const words = document.createElement("p");
  words.id = "confirm-text";
  words.textContent = question;
  dialog.setAttribute("aria-labelledby", "confirm-text");
  const buttons = document.createElement("form");
  buttons.method = "dialog";
  buttons.className = "form-actions";
  for (const [answer, tone] of [["yes", "btn-primary"], ["no", "btn-outline-secondary"]]) {
    const button = document.createElement("button");
    button.value = answer;
    button.className = `btn ${tone}`;
    button.textContent = text(answer === "yes" ? "confirmYes" : "confirmNo");
    buttons.append(button);
  }
  dialog.append(words, buttons);
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    const yes = dialog.returnValue === "yes";
    dialog.remove();
    if (yes) confirmed();
  });
  dialog.showModal();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (question && !asked.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    ask(question, () => {
      asked.add(form);
      form.requestSubmit(submitter);
      asked.delete(form);
    });
  }
}, true);
document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  ask(event.detail.question, () => event.detail.issueRequest(true));
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("[data-guard]")) return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  form.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  each(document, "[data-sending]", (form) => {
    delete form.dataset.sending;
    form.removeAttribute("aria-busy");
  });
});

// Filters send themselves; a search waits until typing rests, and never cuts into an input method.
let resting;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (!form || event.isComposing || event.target.type === "date") return;
  clearTimeout(resting);
  if (event.target.type === "search" && !form.hasAttribute("hx-get")) return;
  resting = setTimeout(() => form.requestSubmit(), event.target.type === "search" ? 300 : 0);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  if (event.target.closest("[data-dismiss]")) event.target.closest("[data-flash]")?.remove();
});

// Each new part of a page: reveal what needs JavaScript, make messages dismissable, move to errors.
function prepare(root) {
  each(root, "[data-print][hidden]", (button) => { button.hidden = false; });
  each(root, "[data-flash]:not([data-ready])", (flash) => {
    flash.dataset.ready = "";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn-close";
    close.dataset.dismiss = "";
    close.setAttribute("aria-label", text("close"));
    flash.append(close);
    if (flash.dataset.flash === "success") setTimeout(() => flash.remove(), 12000);
  });
  const summary = root.querySelector("[data-take-focus]");
  if (summary) summary.focus();
}

function say(message, level, key) {
  const place = document.getElementById("flashes");
  if (!place || place.querySelector(`[data-key="${key}"]`)) return;
  const flash = document.createElement("div");
  flash.className = `alert alert-${level} flash`;
  flash.dataset.flash = level;
  flash.dataset.key = key;
  const words = document.createElement("span");
  words.textContent = message;
  flash.append(words);
  place.append(flash);
  prepare(place);
}

document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
document.addEventListener("htmx:sendError", () => say(text("requestFailed"), "danger", "request"));
document.addEventListener("htmx:responseError", (event) => {
  // The record on this page does not exist for its reader any more: show what everybody else sees.
  if (event.detail.xhr.status === 404 && event.detail.elt.hasAttribute("data-leave-when-gone")) {
    location.reload();
    return;
  }
  const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  const parts = page.querySelectorAll(".error-page h1, .error-page .error-detail");
  const reason = Array.from(parts, (part) => part.textContent.trim()).join(" · ");
  document.querySelector('#flashes [data-key="request"]')?.remove();
  say(reason || text("requestFailed"), "danger", "request");
});

// Live boards: the server pokes (sse:…), htmx fetches what this reader may see; here only the state of the line.
document.addEventListener("htmx:sseError", (event) => {
  event.target.closest("[sse-connect]")?.setAttribute("data-line", "lost");
  say(text("connectionLost"), "warning", "line");
});
document.addEventListener("htmx:sseOpen", (event) => {
  event.target.closest("[sse-connect]")?.setAttribute("data-line", "open");
  document.querySelector('#flashes [data-key="line"]')?.remove();
});

prepare(document);
