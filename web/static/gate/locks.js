// One tab at a time: by Web Locks, or where there are none (plain http, old browsers) by a lease on disk.

const LEASE_MS = 30000;
const OWNER = String(Math.random()).slice(2);

// Runs `work` unless another tab does the same just now; resolves with whether it ran.
export async function alone(store, name, work) {
  if (navigator.locks && navigator.locks.request) {
    return navigator.locks.request(`laifang-gate/${name}`, { ifAvailable: true }, async (lock) => {
      if (lock) await work();
      return Boolean(lock);
    });
  }
  if (!(await store.lease(name, OWNER, LEASE_MS))) return false;
  const renewing = setInterval(() => store.lease(name, OWNER, LEASE_MS).catch(() => {}), LEASE_MS / 3);
  try {
    await work();
  } finally {
    clearInterval(renewing);
    await store.lease(name, OWNER, 0).catch(() => {});
  }
  return true;
}
