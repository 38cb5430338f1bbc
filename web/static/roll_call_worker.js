// Serves the last roll call that the browser saw when the server cannot be reached, for a day.

const KEPT = "laifang-roll-call";
const DAY = 24 * 60 * 60 * 1000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function fromServerOrKept(request) {
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(5000) });
    if (answer.status < 500) return answer;
  } catch {
    // the server is away: what was kept has to do
  }
  const kept = await cache.match(request.url, { ignoreVary: true });
  const at = Number(kept?.headers.get("x-kept-at"));
  if (kept && Date.now() - at < DAY) return kept;
  return Response.error();
}

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" || event.request.mode !== "navigate") return;
  event.respondWith(fromServerOrKept(event.request));
});
