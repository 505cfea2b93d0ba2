/** Entries that a map by heart keeps: enough for every thread that is under way, and no leak. */
const recentLimit = 5000;

/** Keeps an entry, and forgets the one that was kept first when there are too many. */
export function keepRecent<Value>(map: Map<string, Value>, key: string, value: Value): void {
  const [oldest] = map.keys();
  if (map.size >= recentLimit && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
