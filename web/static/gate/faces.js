// Small photos of the holders for the time without the server: each fetched once, kept as it was sealed, opened
// by its pass alone. Loaded when the bundle names one that this device lacks.

const AT_ONCE = 40;

const keyOf = (pass, mark) => `face:${pass}:${mark}`;

// Fetches what is missing and lets go what the bundle names no more.
export async function keepFaces({ store, api, current }) {
  const wanted = new Map(Object.entries(current.passes)
    .filter(([, one]) => one.face).map(([pass, one]) => [keyOf(pass, one.face), pass]));
  const held = new Set(await store.read(["kept"], (kept) => kept.getAllKeys(IDBKeyRange.bound("face:", "face;"))));
  for (const key of held) if (!wanted.has(key)) await store.remove(key);
  const missing = [...wanted].filter(([key]) => !held.has(key));
  for (let first = 0; first < missing.length; first += AT_ONCE) {
    const some = missing.slice(first, first + AT_ONCE);
    const { faces } = await api.faces(some.map(([, pass]) => pass));
    for (const [key, pass] of some) if (faces[pass]) await store.set(key, faces[pass]);
  }
}
