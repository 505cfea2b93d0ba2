import { useRef } from 'preact/hooks';
import type { ChatMessage } from '#core/chat/chat-store.ts';
import { firstNewOf, type Seen } from './lines.ts';

/** How far a list was read when what is new in it began. */
export interface Reading extends Seen {
  /** `marked`: something new stands in the list, and its mark stays until the list is left. */
  readonly state: 'opening' | 'watched' | 'marked';
}

/** Follows one list: what comes while it is watched is seen at once, and only what came before, or behind a hidden page, is new. */
export function follow(before: Reading, messages: readonly ChatMessage[], visible: boolean): Reading {
  if (before.state === 'marked') return before;
  const newest = messages.at(-1)?.at;
  if (before.state === 'watched' && visible && newest !== undefined) {
    return newest > before.until ? { ...before, until: newest } : before;
  }
  if (firstNewOf(messages, before) !== undefined) return { ...before, state: 'marked' };
  return before.state === 'watched' ? before : { ...before, state: 'watched' };
}

/** The same, over the life of a component; `messages` is `undefined` while they are loaded. */
export function useReading(seen: Seen, messages: readonly ChatMessage[] | undefined): Seen {
  const reading = useRef<Reading>({ ...seen, state: 'opening' });
  const { me, above } = seen;
  if (reading.current.me !== me || reading.current.above !== above) reading.current = { ...reading.current, me, above };
  if (messages !== undefined)
    reading.current = follow(reading.current, messages, document.visibilityState === 'visible');
  return reading.current;
}
