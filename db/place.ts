import type { ReadBy, ThreadAddress } from '#core/chat/adapter.ts';
import type { Place } from '#core/policy/visibility.ts';

/** A thread as a row has it, joined or alone. */
export interface PlaceRow extends ThreadAddress {
  readonly read_by: ReadBy | null;
}

/** The place of a row; who reads it is absent where that is not known. */
export function placeFrom({ platform, channel, thread, read_by: readBy }: PlaceRow): Place {
  return { platform, channel, thread, ...(readBy === null ? {} : { readBy }) };
}
