import type { Block } from '#core/chat/card.ts';
import type { TaskState } from '#core/task/state.ts';
import { plural } from '#core/text/plural.ts';
import { line } from './limits.ts';
import { quoted } from './pieces.ts';
import type { QueuePlace } from './world.ts';

/** What really keeps a task from starting, in words; `undefined` when its stored reason says it. */
export function queueReason(state: TaskState, queue: QueuePlace | undefined): string | undefined {
  if (state.status !== 'queued' || queue === undefined) return undefined;
  if (queue.held !== undefined) {
    const runs = plural(queue.held.running, 'run');
    return `${holder(state, queue.held.by)} already has ${runs} under way, the most allowed at once`;
  }
  if (queue.slots === 0) return 'No worker is running that could take it';
  if (queue.free > 0) return undefined;
  return queue.slots === 1 ? 'The only worker slot is busy' : `All ${queue.slots} worker slots are busy`;
}

/** What happens next to a task that waits to start. */
export function queueNext(state: TaskState, queue: QueuePlace | undefined): string | undefined {
  if (state.status !== 'queued' || queue === undefined) return undefined;
  if (queue.held !== undefined) return 'It starts by itself when one of them ends and its turn has come.';
  return queue.slots === 0 ? 'It starts by itself when somebody starts a worker.' : undefined;
}

/** Its place in the queue. */
export function queueBlocks(state: TaskState, queue: QueuePlace | undefined): readonly Block[] {
  const waitsToStart = state.status === 'queued' || state.because.waitingFor === 'lock';
  if (!waitsToStart || queue === undefined) return [];
  const among = queue.held === undefined ? 'in the queue' : `of those that wait for ${holder(state, queue.held.by)}`;
  const text = `${placeWords(queue, among)} Its priority is ${state.priority} (0 is first, 100 last).`;
  return [{ kind: 'text', text: [text] }];
}

function placeWords({ ahead, counted }: QueuePlace, among: string): string {
  if (counted !== 'exact') return `${counted === 'about' ? 'About' : 'More than'} ${ahead} ${among} start before it.`;
  return `Number ${ahead + 1} ${among}, ${ahead === 0 ? 'nothing is' : ahead} ahead of it.`;
}

function holder({ requester, project, runbook }: TaskState, by: 'person' | 'project' | 'runbook'): string {
  const holders = {
    person: line(requester.name, 60),
    project: line(project.name, 60),
    runbook: `${quoted(runbook.name)} of ${line(project.name, 60)}`,
  };
  return holders[by];
}
