/**
 * What code expects of the page it runs in and a frame without an origin does not have: storage, which here lasts as long as the frame,
 * and the name of the mode it was built for.
 */

/** As much of `Storage` as code uses. */
function storage() {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    key: (index: number) => [...items.keys()][index] ?? null,
    getItem: (key: unknown) => items.get(String(key)) ?? null,
    setItem: (key: unknown, value: unknown) => void items.set(String(key), String(value)),
    removeItem: (key: unknown) => void items.delete(String(key)),
    clear: () => items.clear(),
  };
}

for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(globalThis, name, { value: storage() });
Object.defineProperty(globalThis, 'process', { value: { env: { NODE_ENV: 'production' } } });
