// Keeps the latest roll call in the browser, and says when a kept one is shown.

const KEPT = "laifang-roll-call";
const place = document.querySelector("[data-roll-call]");
const address = place?.dataset.rollCall;

// Styles need no keeping: they are named by their content and stay in the browser's own cache.
async function page() {
  const answer = await fetch(address, { credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

async function keep() {
  if (!address || !globalThis.caches) return;
  try {
    const cache = await caches.open(KEPT);
    const headers = { "content-type": "text/html; charset=utf-8", "x-kept-at": String(Date.now()) };
    await cache.put(new URL(address, location.href).href, new Response(await page(), { headers }));
  } catch {
    // not reached: what was kept before stays
  }
}

async function reachable() {
  try {
    return (await fetch("/health/live", { cache: "no-store", signal: AbortSignal.timeout(4000) })).ok;
  } catch {
    return false;
  }
}

async function tell() {
  const note = document.getElementById("roll-call-stale");
  if (note) note.hidden = await reachable();
}

if (place) {
  if (navigator.serviceWorker) navigator.serviceWorker.register("/roll-call/worker.js", { scope: "/roll-call/" }).catch(() => {});
  keep();
  tell();
  setInterval(keep, 60_000);
  setInterval(tell, 15_000);
}

document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") === "/sign-out") globalThis.caches?.delete(KEPT);
}, true);
