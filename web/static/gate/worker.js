// The service worker of the gate page: it keeps the page's own files, so that the page opens without any
// network. It never keeps what the server says of people. VERSION and FILES are written before this text by
// web/pages/gate.py: the version is of the files' content, so that all of one page are of one version.
/* global VERSION, FILES */

const NAME = `laifang-gate-${VERSION}`;
const PAGE = "/gate";
const PATIENCE_MS = 2500;
const HEADER = "x-gate-version";

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => event.data === "take over" && self.skipWaiting());

async function install() {
  const cache = await caches.open(NAME);
  const page = await fetch(PAGE, { cache: "no-store", credentials: "same-origin", redirect: "error" });
  if (!page.ok || page.headers.get(HEADER) !== VERSION) throw new Error("the server is of another version");
  await Promise.all([
    cache.put(PAGE, page),
    ...FILES.map(async (path) => {
      const answer = await fetch(path, { cache: "no-cache" });
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      await cache.put(path, answer);
    }),
  ]);
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith("laifang-gate-") && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

// The page comes from the server in the reader's language and colours, if it is of this version.
async function page(request) {
  const cache = await caches.open(NAME);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(request, { signal: stop.signal });
    if (answer.ok && answer.headers.get(HEADER) === VERSION) {
      await cache.put(PAGE, answer.clone());
      return answer;
    }
    return (await cache.match(PAGE)) || answer;
  } catch {
    return (await cache.match(PAGE)) || Response.error();
  } finally {
    clearTimeout(timer);
  }
}

async function file(request, path) {
  const cache = await caches.open(NAME);
  return (await cache.match(path)) || fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname === PAGE) event.respondWith(page(request));
  else if (FILES.includes(pathname)) event.respondWith(file(request, pathname));
});
