import type { AdapterStore } from '#core/chat/adapter.ts';

/** An adapter's store in memory, which keeps what JSON keeps, as the real one does. */
export function memoryStore(): AdapterStore {
  const values = new Map<string, string>();
  const read = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));
  return {
    get: async (key) => read(values.get(key)),
    async set(key, value) {
      values.set(key, JSON.stringify(value));
    },
    async delete(key) {
      values.delete(key);
    },
    list: async (prefix) =>
      [...values]
        .filter(([key]) => key.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => [key, read(value)] as const),
  };
}
