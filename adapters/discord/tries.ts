import { clocksDifferMs, nonceTrustMs, uuidTime } from './nonce.ts';

/** What was tried to be posted: which messages may be there though nobody knows of them. */
export interface Tries {
  /** Whether the message of a key may be there and Discord may have forgotten its nonce: then it is looked for before it is sent. */
  mayExist(key: string): boolean;
  /** It is about to be sent. */
  begin(key: string): void;
}

/** Tries that are known by heart. */
const rememberedLimit = 5000;

/**
 * A key that was made after `since` (when this process took the connection over, in milliseconds since 1970) was tried by nobody
 * else. So its message is not looked for, which would cost each new post a request; what an earlier process may have tried is.
 */
export function createTries(since: number): Tries {
  const tried = new Map<string, number>();
  /** Of the keys up to this time some were tried here and are forgotten. */
  let forgotten = 0;

  function madeBySomebodyElse(key: string): boolean {
    const made = uuidTime(key);
    if (made === undefined || made < since || made <= forgotten) return true;
    // By another clock it may be older than it looks; what was tried so shortly before, Discord still knows by its nonce.
    return made < since + clocksDifferMs && Date.now() > since + clocksDifferMs;
  }

  return {
    mayExist(key) {
      const first = tried.get(key);
      return first === undefined ? madeBySomebodyElse(key) : Date.now() - first > nonceTrustMs;
    },
    begin(key) {
      if (tried.has(key)) return;
      const [oldest] = tried.keys();
      if (oldest !== undefined && tried.size >= rememberedLimit) {
        tried.delete(oldest);
        forgotten = Math.max(forgotten, uuidTime(oldest) ?? 0);
      }
      tried.set(key, Date.now());
    },
  };
}
