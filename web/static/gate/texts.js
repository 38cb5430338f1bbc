// The page's texts, in the reader's language, as the server wrote them into the page.

const TEXTS = JSON.parse(document.getElementById("texts").textContent);

// Returns a text with its places filled: say("photoOf", {name}); "camera.busy" names one inside another.
export function say(name, values = {}) {
  const text = name.split(".").reduce((part, key) => (part ? part[key] : undefined), TEXTS);
  if (typeof text !== "string") throw new Error(`no text ${name}`);
  return text.replace(/\{(\w+)\}/g, (whole, place) => (place in values ? String(values[place]) : whole));
}

const LANGUAGE = document.documentElement.lang || "zh-Hans";

// The clock time of a moment in epoch milliseconds, on the device's own wall clock.
export function clockTime(at, seconds = true) {
  const form = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Date(at).toLocaleTimeString(LANGUAGE, seconds ? { ...form, second: "2-digit" } : form);
}
