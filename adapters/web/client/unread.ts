import type { ChatChannel, ChatMessage } from '#core/chat/chat-store.ts';
import { keep, kept } from './kept.ts';

/** Up to which moment (ISO 8601, the server's clock) things were seen in this browser. */
export interface ReadMarks {
  /** The first visit: all before it counts as seen. */
  readonly since: string;
  /** By channel id. */
  readonly channels: Readonly<Record<string, string>>;
  /** By the id of a thread's root. */
  readonly threads: Readonly<Record<string, string>>;
}

/** More threads than this are not remembered: the oldest are dropped, and are older than `since` soon enough. */
const threadLimit = 1000;
const storageKey = 'commander.read';

export function isChannelUnread(channel: ChatChannel, marks: ReadMarks): boolean {
  return channel.lastActivityAt !== undefined && channel.lastActivityAt > (marks.channels[channel.id] ?? marks.since);
}

/** Whether a thread, given by its root, has replies that were not seen. */
export function isThreadUnread(root: ChatMessage, marks: ReadMarks): boolean {
  return root.lastReplyAt !== undefined && root.lastReplyAt > (marks.threads[root.id] ?? marks.since);
}

/** The marks after something was seen; the same value when that is not news. */
export function markRead(marks: ReadMarks, kind: 'channels' | 'threads', id: string, at: string): ReadMarks {
  if (at <= (marks[kind][id] ?? '')) return marks;
  return { ...marks, [kind]: limited({ ...marks[kind], [id]: at }) };
}

/** The marks that this browser kept; at the first visit all that there is counts as seen. */
export function loadMarks(channels: readonly ChatChannel[]): ReadMarks {
  const stored = parseMarks(kept(storageKey));
  if (stored !== undefined) return stored;
  const since = channels
    .map(({ lastActivityAt }) => lastActivityAt ?? '')
    .reduce((one, two) => (two > one ? two : one), '0');
  const marks = { since, channels: {}, threads: {} };
  saveMarks(marks);
  return marks;
}

export function saveMarks(marks: ReadMarks): void {
  keep(storageKey, JSON.stringify(marks));
}

/** Calls `take` with the marks that another tab saved. */
export function followMarks(take: (marks: ReadMarks) => void): void {
  addEventListener('storage', (event) => {
    const marks = event.key === storageKey ? parseMarks(event.newValue) : undefined;
    if (marks !== undefined) take(marks);
  });
}

/** Reads stored marks; anything else is none. */
export function parseMarks(text: string | null): ReadMarks | undefined {
  try {
    const marks = JSON.parse(text ?? 'null') as Partial<ReadMarks> | null;
    if (typeof marks?.since !== 'string') return undefined;
    return { since: marks.since, channels: marks.channels ?? {}, threads: marks.threads ?? {} };
  } catch {
    return undefined;
  }
}

function limited(marks: Record<string, string>): Record<string, string> {
  const entries = Object.entries(marks);
  return entries.length <= threadLimit ? marks : Object.fromEntries(entries.slice(-threadLimit));
}
