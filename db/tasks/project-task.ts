import type { TaskEvent } from '#core/task/events.ts';
import { isFinal, openAsks } from '#core/task/parts.ts';
import type { Person } from '#core/task/person.ts';
import { nextReminder } from '#core/task/reminding.ts';
import type { TaskState } from '#core/task/state.ts';
import { recordUsage } from '../agents/usage.ts';
import type { Database, Transaction } from '../database.ts';
import type { Wake } from '../notify.ts';
import { setTimer, type Timer } from '../timers.ts';
import { projectParticipants } from './participants.ts';
import { projectNotes } from './project-notes.ts';
import { projectRecords } from './project-records.ts';
import { projectRun } from './project-run.ts';

/** A task before and after some events. */
export interface Change {
  readonly before: TaskState;
  readonly after: TaskState;
  readonly events: readonly TaskEvent[];
  readonly now: string;
  /** Whose doing it is; absent: Commander's own. */
  readonly actor?: Person;
}

/**
 * Carries a change over into everything that is derived from a task's state, in the transaction of the change itself. Nothing
 * of it waits for an answer about the rest.
 */
export async function projectTask(db: Database, trx: Transaction, change: Change): Promise<void> {
  await Promise.all([
    projectRecords(trx, change),
    recordUsage(trx, change),
    projectRun(db, trx, change),
    projectNotes(trx, change),
    projectParticipants(trx, change),
    setTimers(db, trx, change),
  ]);
}

/** Deferred jobs; each is only a wake-up, so one that comes too late or twice does no harm. */
async function setTimers(db: Database, trx: Transaction, { after, events }: Change): Promise<void> {
  await Promise.all(
    events
      .flatMap((event) => [...timersOf(after.id, event), ...reminderAfter(after, event)])
      .map(({ at, timer }) => setTimer(db, trx, at, timer)),
  );
}

function timersOf(taskId: string, event: TaskEvent): readonly { readonly at: string; readonly timer: Timer }[] {
  switch (event.type) {
    case 'step.failed':
      return event.retryAt === undefined ? [] : [{ at: event.retryAt, timer: { kind: 'retry', taskId } }];
    case 'question.asked': {
      const { questionId, limit } = event;
      return limit === undefined ? [] : [{ at: limit.until, timer: { kind: 'question', taskId, questionId } }];
    }
    case 'question.extended':
      return [{ at: event.until, timer: { kind: 'question', taskId, questionId: event.questionId } }];
    default:
      return [];
  }
}

/** The next time that something is brought to mind is known when it is asked, and each time that it was. */
function reminderAfter(after: TaskState, event: TaskEvent): ReturnType<typeof timersOf> {
  const askedId = askedIn(event);
  const asked = openAsks(after).find(({ id }) => id === askedId);
  const at = asked === undefined ? undefined : nextReminder(asked);
  if (asked === undefined || at === undefined) return [];
  return [{ at, timer: { kind: 'remind', taskId: after.id, askedId: asked.id } }];
}

function askedIn(event: TaskEvent): string | undefined {
  switch (event.type) {
    case 'approval.requested':
      return event.approvalId;
    case 'question.asked':
    case 'question.extended':
      return event.questionId;
    case 'asked.reminded':
      return event.askedId;
    default:
      return undefined;
  }
}

/** What people say and decide while a run holds the task. */
const heardByRuns: ReadonlySet<TaskEvent['type']> = new Set([
  'note.received',
  'note.changed',
  'note.dropped',
  'approval.decided',
  'question.answered',
  'question.timed_out',
  'task.pause_requested',
  'task.pause_withdrawn',
  'agent.given_time',
]);

/** Whom a change concerns: they are woken by its commit. */
export function wakesOf({ before, after, events }: Omit<Change, 'now'>): readonly Wake[] {
  const schedulable = after.ready !== undefined || (before.run !== undefined && after.run === undefined);
  const ended = isFinal(after) && !isFinal(before);
  // What it waited for before its pause may be done by now.
  const waitsAgain = before.status === 'paused' && after.because.waitingFor === 'dependency';
  const admitted = after.run?.status === 'admitted' && after.run !== before.run ? after.run : undefined;
  const cancelled = events.some((event) => event.type === 'task.cancel_requested');
  const said = events.some(({ type }) => heardByRuns.has(type));
  return [
    ['commander_task', after.id],
    ...(schedulable || ended || waitsAgain ? ([['commander_ready', after.id]] as const) : []),
    ...(said && after.run !== undefined ? ([['commander_talk', after.run.id]] as const) : []),
    ...(admitted === undefined ? [] : ([['commander_runs', admitted.id]] as const)),
    ...(cancelled && after.run !== undefined ? ([['commander_stop', after.run.id]] as const) : []),
  ];
}
