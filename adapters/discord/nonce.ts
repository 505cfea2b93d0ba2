/**
 * A card's key as a nonce: the same key is the same message for as long as Discord remembers it ("the past few minutes", docs:
 * Create Message, `enforce_nonce`). A UUID in base 36 has at most 25 characters, which is Discord's limit.
 */
export function nonceOf(key: string): string {
  return number(key).toString(36);
}

/** How long Discord surely remembers a nonce, in milliseconds: "the past few minutes", of which we trust one. */
export const nonceTrustMs = 60_000;

/** A number for a component of the message (32 bits, positive), which Discord gives back whenever the message is read. */
export function markerOf(key: string): number {
  return Number(number(key) % 0x7fffffffn) + 1;
}

function number(key: string): bigint {
  return BigInt(`0x${key.replaceAll('-', '')}`);
}

/** Ids begin with the milliseconds since then (docs, Reference: Snowflakes). */
const discordEpoch = 1_420_070_400_000;

/** When Discord made an id, in milliseconds since 1970 (docs, Reference: Snowflakes). */
export function madeAt(id: string): number {
  return Number(BigInt(id) >> 22n) + discordEpoch;
}

/** The smallest id of a time (milliseconds since 1970), to compare others with. */
export function idAt(time: number): string {
  return String(BigInt(Math.floor(time) - discordEpoch) << 22n);
}

/** When a UUID of version 7 was made, in milliseconds since 1970 (RFC 9562, section 5.7); of other keys that is not known. */
export function uuidTime(key: string): number | undefined {
  const [, high, low] = /^([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(key) ?? [];
  return high === undefined || low === undefined ? undefined : Number.parseInt(high + low, 16);
}

/** Clocks of two machines may differ by this much, in milliseconds: a key is of the clock of whoever made it. */
export const clocksDifferMs = nonceTrustMs / 2;

/** An id that a message is newer than: by its card's key, a UUID with a time, or the id of the message that it comes after. */
export function idBefore(key: string): string {
  if (!key.includes('-')) return String(number(key));
  return idAt(Math.max((uuidTime(key) ?? 0) - clocksDifferMs, discordEpoch));
}
