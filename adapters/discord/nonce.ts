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

/** When Discord made an id, in milliseconds since 1970 (docs, Reference: Snowflakes). */
export function madeAt(id: string): number {
  return Number(BigInt(id) >> 22n) + 1_420_070_400_000;
}

/** The smallest id of a time (milliseconds since 1970), to compare others with. */
export function idAt(time: number): string {
  return String(BigInt(Math.floor(time) - 1_420_070_400_000) << 22n);
}

/** When a UUID of version 7 was made, in milliseconds since 1970 (RFC 9562, section 5.7); of other keys that is not known. */
export function uuidTime(key: string): number | undefined {
  const [, high, low] = /^([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(key) ?? [];
  return high === undefined || low === undefined ? undefined : Number.parseInt(high + low, 16);
}
