import { randomUUID } from 'node:crypto';
import type { AdapterStore } from '#core/chat/adapter.ts';

/** How something was first tried. Every later try is the same, whatever is newest by then. */
export interface Try {
  /** Its own: a nonce and a marker are made of it. */
  readonly key: string;
  /** An id of Discord's from before the first try: what came of a try is newer. */
  readonly after: string;
  /** What it says: a note's text, a thread's title. */
  readonly words: string;
}

/** Something that must be at Discord once, though the answer to a try may be lost. */
export interface Deed extends Omit<Try, 'key'> {
  /** The same for every try, and of nothing else. */
  readonly name: string;
  /** What came of an earlier try: its id. */
  readonly find: (earlier: Try) => Promise<string | undefined>;
  /** Does it; its id. */
  readonly make: (attempt: Try) => Promise<string>;
}

export interface Once {
  /** The id of what was made, by this try or an earlier one. @throws what finding and making throw. */
  make(deed: Deed): Promise<string>;
  /** What was made is over: by that name something new may be made. */
  forget(name: string): Promise<void>;
}

/**
 * Makes things once, by one rule: that it is tried is kept before the first try, and what an earlier try may have left is looked for
 * before the next. A card needs no entry of its own for that (see `createTries`): the application keeps that it is tried.
 */
export function createOnce(store: AdapterStore): Once {
  /** Two who want the same at once get the same. */
  const underWay = new Map<string, Promise<string>>();

  async function made({ name, after, words, find, make }: Deed): Promise<string> {
    const kept = (await store.get(entry(name))) as Try | { readonly id: string } | undefined;
    if (kept !== undefined && 'id' in kept) return kept.id;
    const attempt = kept ?? { key: randomUUID(), after, words };
    if (kept === undefined) await store.set(entry(name), attempt);
    const id = (kept === undefined ? undefined : await find(kept)) ?? (await make(attempt));
    await store.set(entry(name), { id });
    return id;
  }

  return {
    make(deed) {
      const current = underWay.get(deed.name);
      if (current !== undefined) return current;
      const making = made(deed).finally(() => underWay.delete(deed.name));
      underWay.set(deed.name, making);
      return making;
    },
    forget: (name) => store.delete(entry(name)),
  };
}

function entry(name: string): string {
  return `once:${name}`;
}
