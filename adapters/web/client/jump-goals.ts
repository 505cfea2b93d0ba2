import { oneLine, stateOf } from './messages.ts';
import type { ChatState } from './state.ts';

/** Where one can jump to. */
export interface Goal {
  readonly kind: 'channel' | 'thread';
  readonly channel: string;
  readonly thread?: string;
  readonly label: string;
  readonly detail: string;
}

/** More would only be scrolled past; typing is quicker. */
const goalsShown = 12;

/** All channels, then the threads that this page knows, the last spoken in first. */
export function goalsOf({ channels = [], messages }: Pick<ChatState, 'channels' | 'messages'>): readonly Goal[] {
  const names = new Map(channels.map(({ id, name }) => [id, name]));
  const threads = [...messages.values()]
    .filter(({ rootId, replies }) => rootId === undefined && replies > 0)
    .sort((one, two) => ((one.lastReplyAt ?? '') < (two.lastReplyAt ?? '') ? 1 : -1));
  return [
    ...channels.map(({ name }): Goal => ({ kind: 'channel', channel: name, label: name, detail: '' })),
    ...threads.flatMap((message): Goal[] => {
      const channel = names.get(message.channelId);
      if (channel === undefined) return [];
      const detail = [message.threadStatus && stateOf(message.threadStatus), `#${channel}`].filter(Boolean).join(' · ');
      return [{ kind: 'thread', channel, thread: message.id, label: oneLine(message), detail }];
    }),
  ];
}

/** The goals that hold every typed word somewhere, those that begin with what was typed first. */
export function matching(goals: readonly Goal[], typed: string): readonly Goal[] {
  const wanted = typed.toLowerCase().replace(/^#/, '').trim();
  const words = wanted.split(/\s+/);
  const fitting = goals.filter(({ label, detail }) =>
    words.every((word) => `${label} ${detail}`.toLowerCase().includes(word)),
  );
  const begins = ({ label }: Goal) => Number(label.toLowerCase().startsWith(wanted));
  return fitting.sort((one, two) => begins(two) - begins(one)).slice(0, goalsShown);
}
