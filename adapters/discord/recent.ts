/** Entries that a map by heart keeps: enough for every thread that is under way, and no leak. */
const recentLimit = 5000;

/** Keeps an entry, and forgets the one that was kept first when there are too many. */
export function keepRecent<Value>(map: Map<string, Value>, key: string, value: Value): void {
  const [oldest] = map.keys();
  if (map.size >= recentLimit && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}

/** How long what Discord said is believed, in milliseconds: the event of a change may be lost, or there is none. */
export const believedMs = 10 * 60_000;

export interface Belief<Value> {
  readonly value: Promise<Value>;
  /** When it was asked for, in milliseconds since 1970. */
  readonly at: number;
}

/** What Discord was asked for, by key: asked once for all who want it meanwhile. */
export interface Beliefs<Value> {
  /** `undefined` where it was not asked for, or too long ago. */
  find(key: string): Belief<Value> | undefined;
  /** What fails is not kept. */
  keep(key: string, value: Promise<Value>, at?: number): Promise<Value>;
  /** What is known may be wrong. */
  forget(): void;
}

export function createBeliefs<Value>(): Beliefs<Value> {
  const known = new Map<string, Belief<Value>>();
  return {
    find(key) {
      const found = known.get(key);
      return found !== undefined && Date.now() - found.at < believedMs ? found : undefined;
    },
    keep(key, value, at = Date.now()) {
      keepRecent(known, key, { value, at });
      value.catch(() => known.delete(key));
      return value;
    },
    forget: () => known.clear(),
  };
}
