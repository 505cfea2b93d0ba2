import { expect, it } from 'vitest';
import { plainOf } from '#core/chat/inline.ts';
import { dependencyBlock } from '#core/task/dependency-block.ts';
import type { TaskState, TaskStatus, WaitingFor } from '#core/task/state.ts';
import { ana, begin, bo, plannedStep, received, type TaskStory } from '#core/task/testing.ts';
import { reasonOf, whatNext } from './reason.ts';
import { statusWords } from './status-words.ts';
import { asked, request, running } from './testing-stories.ts';
import type { ShowWorld } from './world.ts';

type NotTheEnd = Exclude<TaskStatus, 'completed' | 'failed' | 'cancelled' | 'waiting'> | WaitingFor;

interface Shown {
  readonly task: TaskStory;
  readonly world?: ShowWorld;
  /** The status, why it is so, and who is awaited, what comes next and when. */
  readonly says: readonly [status: string, why: string, next: string];
}

/** A task that waits to start. */
function queued(more: Parameters<typeof received>[0] = {}): TaskStory {
  const task = begin(received(more));
  task.happens({ type: 'queue' });
  return task;
}

/** A task to which this happened. */
function after(task: TaskStory, ...happened: readonly Parameters<TaskStory['happens']>[]): TaskStory {
  for (const each of happened) task.happens(...each);
  return task;
}

/** A task whose first step failed so. */
function failing(failure: { readonly transient: boolean; readonly quotaUntil?: string }): TaskStory {
  const retry = { limit: 2, backoffMs: 60_000, on: ['transient' as const] };
  const task = running(received({ steps: [plannedStep('s1', { retry })] }));
  const { quotaUntil, ...rest } = failure;
  const quota = quotaUntil === undefined ? {} : { quota: { until: quotaUntil, elsewhere: [] } };
  task.report({ type: 'step-failed', stepId: 's1', reason: 'ECONNRESET', ...rest, ...quota });
  return task;
}

/** A task whose worker died in the middle of a step that may not be done twice. */
function interrupted(): TaskStory {
  const task = running(received({ steps: [plannedStep('s1', { safeToRepeat: false })] }));
  task.happens({ type: 'interrupt', runId: task.state.run?.id ?? '', reason: 'The worker died' });
  return task;
}

const place = { ahead: 0, counted: 'exact', slots: 2, free: 0 } as const;
const lock = 'Waiting for #41, which works on the same files';

const states: Readonly<Record<NotTheEnd, readonly (() => Shown)[]>> = {
  backlog: [() => ({ task: begin(received()), says: ['Received', 'Received', 'It is put into the queue by itself.'] })],
  queued: [
    () => ({
      task: queued(),
      says: ['Queued', 'Waiting for a free worker', 'It starts by itself when its turn comes.'],
    }),
    () => ({
      task: queued(),
      world: { queue: place },
      says: ['Queued', 'All 2 worker slots are busy', 'It starts by itself when its turn comes.'],
    }),
    () => ({
      task: queued(),
      world: { queue: { ...place, slots: 0 } },
      says: ['Queued', 'No worker is running that could take it', 'It starts by itself when somebody starts a worker.'],
    }),
    () => ({
      task: queued(),
      world: { queue: { ...place, held: { by: 'person', running: 2 } } },
      says: [
        'Queued',
        'ana already has 2 runs under way, the most allowed at once',
        'It starts by itself when one of them ends and its turn has come.',
      ],
    }),
  ],
  running: [
    () => ({ task: running(received()), says: ['Running', 'Working on “Do s1”', 'Next comes “Do s2”.'] }),
    () => ({
      task: after(running(received()), [{ type: 'pause' }, ana]),
      says: [
        'Pausing after this step',
        'Working on “Do s1”',
        'ana asked to pause. It pauses before the next step begins.',
      ],
    }),
    () => ({
      task: after(running(received()), [{ type: 'cancel' }, ana]),
      says: ['Cancelling', 'Working on “Do s1”', 'ana asked to cancel. It ends as soon as what runs now is stopped.'],
    }),
  ],
  approval: [
    () => ({
      task: asked(),
      says: [
        'Waiting for approval',
        '“Do s2” needs approval: it tags',
        'It waits for somebody who may approve. Nothing runs until somebody decides; there is no time limit.',
      ],
    }),
  ],
  answer: [
    () => ({
      task: interrupted(),
      says: [
        'Waiting for an answer',
        '#42 broke off during “Do s1”. It may have run in part or in full, and it is not marked as safe to repeat. What now?',
        'It waits for ana. If nobody answers in time, it pauses and nothing is done again. Due <then>.',
      ],
    }),
  ],
  dependency: [
    () => ({
      task: after(queued({ after: [41] }), [dependencyBlock('#41', null)]),
      says: ['Waiting for #41', 'Waiting for #41 to complete', 'It starts by itself as soon as that is done.'],
    }),
    () => ({
      task: after(queued({ after: [41] }), [dependencyBlock('#41', '#41')]),
      says: [
        'Waiting for somebody who retries #41',
        'Blocked: #41 did not complete',
        'It waits for somebody who retries #41. Once #41 is retried and completes, it starts by itself. If it is not needed any more, cancel it.',
      ],
    }),
  ],
  lock: [
    () => ({
      task: after(queued(), [{ type: 'block', for: 'lock', reason: lock, awaited: '#41' }]),
      says: ['Waiting for #41', lock, 'It starts by itself as soon as that is done.'],
    }),
  ],
  retry: [
    () => ({
      task: failing({ transient: true }),
      says: [
        'Waiting for the next attempt',
        '“Do s1” failed: ECONNRESET',
        'Retry 1 of 2 starts by itself. Due <then>.',
      ],
    }),
  ],
  quota: [
    () => ({
      task: failing({ transient: true, quotaUntil: '2026-05-03T14:00:00.000Z' }),
      says: [
        'Waiting: quota until 3 May 2026, 14:00 UTC',
        'ECONNRESET',
        'It goes on by itself then, where it was. Due <then>.',
      ],
    }),
  ],
  paused: [
    () => ({
      task: after(queued(), [{ type: 'pause' }, bo]),
      says: ['Paused', 'Paused before it started', 'It goes on when somebody presses Resume.'],
    }),
  ],
};

it.each(Object.entries(states).flatMap(([name, all]) => all.map((make) => [name, make] as const)))(
  'of every state that is not the end it is said why, since when, who is awaited, what comes next and when: %s',
  (name, make) => {
    const { task, world, says } = make();
    const { state } = task;
    expect(state.because.waitingFor ?? state.status).toBe(name);
    const [status, why, next] = says;
    expect(statusWords(state)).toBe(status);
    expect(reasonOf(state, world)).toEqual([why, ' · ', { kind: 'elapsed', since: state.because.since }]);
    expect(nextWords(state, world)).toBe(next);
  },
);

it('says how many have to approve, and who may not', () => {
  const first = received();
  if (first.type !== 'task.received') throw new RangeError('a task begins with task.received');
  const deciders = { people: 2, notRequester: true };
  const task = running({ ...first, understanding: { ...first.understanding, deciders } });
  task.report({ type: 'step-finished', stepId: 's1' });
  task.report(request);
  expect(nextWords(task.state)).toContain('It waits for 2 people who may approve, not ana.');
});

function nextWords(state: TaskState, world?: ShowWorld): string {
  const next = whatNext(state, world) ?? [];
  return plainOf(next.map((piece) => (typeof piece !== 'string' && piece.kind === 'time' ? '<then>' : piece)));
}
