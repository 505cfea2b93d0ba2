import type { TaskState } from '#core/task/state.ts';
import { line } from './limits.ts';
import type { ShowWorld } from './world.ts';

/** Who sees a task that was asked for in a private place, in a sentence; nothing of one that everybody sees. */
export function seenByWords({ requester }: TaskState, { place }: ShowWorld): string | undefined {
  if (place === undefined || place.readBy === 'everybody') return undefined;
  return `Seen by ${readers[place.readBy ?? 'thread'](line(requester.name, 60))} and Commander’s admins.`;
}

/** Besides administrators: the rule is `maySee` of core/policy/visibility.ts. */
const readers = {
  channel: () => 'the people of its channel',
  outsiders: () => 'the people of its channel, some of other organisations,',
  thread: () => 'the people of its thread',
  person: (name: string) => `${name}, who else takes part,`,
} as const;
