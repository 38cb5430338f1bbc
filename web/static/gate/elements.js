// Making parts of the page. Texts go in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

// element("p", {class: "note"}, "text", other) -> <p class="note">; null, "" and false are left out.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child || child === 0));
  return made;
}

// A sign of the page's sprite: picture("icon-enter"), picture("sign-allow", "sign").
export function picture(id, kind = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", kind);
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#${id}`);
  svg.append(use);
  return svg;
}

export function button(text, kind, act, icon = "") {
  return element("button", { type: "button", class: `button ${kind}`, onclick: act }, icon && picture(`icon-${icon}`), text);
}

// Dialogs, also where the browser knows `dialog` only by name.
export function open(dialog) {
  if (dialog.open) return;
  if (dialog.showModal) dialog.showModal();
  else dialog.setAttribute("open", "");
}

export function close(dialog) {
  if (!dialog.open && !dialog.hasAttribute("open")) return;
  if (dialog.close) dialog.close();
  else dialog.removeAttribute("open");
}

// Gives each button marked so the closing of its own sheet.
export function prepareSheets() {
  document.querySelectorAll("dialog.sheet").forEach((sheet) => {
    sheet.querySelectorAll("[data-close]").forEach((one) => one.addEventListener("click", () => close(sheet)));
  });
}
