import type { Recorded, TaskEvent, TaskReceived } from './events.ts';
import { evolveAgent } from './evolve-agent.ts';
import { evolveAsked } from './evolve-asked.ts';
import { evolveChange } from './evolve-change.ts';
import { evolveNote } from './evolve-note.ts';
import { evolveRun } from './evolve-run.ts';
import { act, become, newStep, withdrawOpen } from './parts.ts';
import { stepsFrom } from './resume-points.ts';
import type { Escalation, TaskState } from './state.ts';

/**
 * The task after one more event. Total and pure: an event of any kind is applied as it stands, for it has happened.
 * Whether it may happen is decided before, in decide.ts.
 */
export function evolve(state: TaskState | undefined, recorded: Recorded): TaskState {
  const { event } = recorded;
  if (event.type === 'task.received') return received(event, recorded);
  if (state === undefined) throw new RangeError(`a task begins with task.received, not with ${event.type}`);
  return (
    evolveTask(state, recorded) ??
    evolveRun(state, recorded) ??
    evolveAgent(state, recorded) ??
    evolveAsked(state, recorded) ??
    evolveChange(state, recorded) ??
    evolveNote(state, recorded) ??
    state
  );
}

/** Replays events from the first on. */
export function replay(events: readonly Recorded[]): TaskState | undefined {
  return events.reduce<TaskState | undefined>(evolve, undefined);
}

function received(event: TaskReceived, { at, actor }: Recorded): TaskState {
  const { steps, ...rest } = event;
  return {
    id: rest.id,
    number: rest.number,
    title: rest.title,
    request: rest.request,
    requester: actor ?? { memberId: '', name: 'Commander' },
    project: rest.project,
    runbook: rest.runbook,
    understanding: rest.understanding,
    createdAt: at,
    status: 'backlog',
    because: { text: 'Received', since: at },
    priority: rest.priority,
    after: rest.after,
    round: 1,
    steps: steps.map(newStep),
    approvals: [],
    questions: [],
    checkpoints: [],
    outputs: [],
    reverts: [],
    notes: [],
    earlierFailures: [],
    actions: [],
  };
}

function evolveTask(state: TaskState, { at, actor, event }: Recorded): TaskState | undefined {
  switch (event.type) {
    case 'task.queued':
      return { ...become(state, 'queued', { text: event.reason, since: at, next: event.next }), ready: 'work' };
    case 'task.blocked':
      return blocked(state, event, at);
    case 'task.pause_requested':
      return act({ ...state, pauseRequestedBy: actor }, at, `${actor?.name ?? 'Somebody'} asked to pause`);
    case 'task.pause_withdrawn':
      return act({ ...state, pauseRequestedBy: undefined }, at, `${actor?.name ?? 'Somebody'} wants no pause any more`);
    case 'task.paused':
      return paused(state, event, at);
    case 'task.cancel_requested':
      return act({ ...state, cancelRequestedBy: actor }, at, `${actor?.name ?? 'Somebody'} asked to cancel`);
    case 'task.escalated':
      return escalated(state, event.note, { at, by: actor ?? { memberId: '', name: 'Somebody' } });
    case 'task.prioritised':
      return act({ ...state, priority: event.priority }, at, `Priority is now ${event.priority}`);
    default:
      return evolveEnd(state, { at, actor, event });
  }
}

function escalated(state: TaskState, note: string, { at, by }: Pick<Escalation, 'at' | 'by'>): TaskState {
  const reason = state.failure ?? state.because.text;
  return { ...state, escalations: [...(state.escalations ?? []), { at, by, note, reason, open: true }] };
}

function paused(state: TaskState, { reason, next }: TaskEvent & { type: 'task.paused' }, at: string): TaskState {
  const { because } = state;
  const behind =
    because.waitingFor === 'dependency'
      ? { behind: { reason: because.text, awaited: because.awaited ?? '', next: because.next } }
      : {};
  const resumes = 'It goes on when somebody presses Resume.';
  return {
    ...become(state, 'paused', { text: reason, since: at, next: next ?? resumes, ...behind }),
    ready: undefined,
    pauseRequestedBy: undefined,
  };
}

/** A lock is tried for again and again; what a task depends on says itself when it is done. */
function blocked(state: TaskState, event: TaskEvent & { type: 'task.blocked' }, at: string): TaskState {
  const waiting = become(state, 'waiting', {
    text: event.reason,
    since: at,
    waitingFor: event.for,
    awaited: event.awaited,
    next: event.next ?? 'It starts by itself as soon as that is done.',
  });
  return event.for === 'dependency' ? { ...waiting, ready: undefined } : waiting;
}

function evolveEnd(state: TaskState, { at, event }: Recorded<TaskEvent>): TaskState | undefined {
  switch (event.type) {
    case 'task.cancelled':
      return finish(state, 'cancelled', event.reason, at);
    case 'task.failed':
      return { ...finish(state, 'failed', event.reason, at), failure: event.reason };
    case 'task.completed':
      return finish(state, 'completed', 'Every step is done', at);
    case 'task.retried':
      return retried(state, at);
    case 'task.resumed_from':
      return resumedFrom(retried(state, at), event.checkpoint);
    case 'task.restarted':
      return fresh({ ...reopen(state, at), round: state.round + 1, earlierFailures: [] });
    case 'task.refined':
      return fresh(
        act(
          {
            ...state,
            title: event.title,
            understanding: { ...state.understanding, inputs: event.inputs, verify: event.verify },
            steps: event.steps.map(newStep),
          },
          at,
          event.note === '' ? 'The request was refined' : `The request was refined: ${event.note}`,
        ),
      );
    default:
      return undefined;
  }
}

function finish(state: TaskState, status: 'cancelled' | 'failed' | 'completed', text: string, at: string): TaskState {
  return {
    ...withdrawOpen(become(state, status, { text, since: at }), at),
    ready: undefined,
    run: undefined,
    pauseRequestedBy: undefined,
    cancelRequestedBy: undefined,
    finishedAt: at,
    steps: state.steps.map((step) =>
      step.status === 'running' || step.status === 'waiting'
        ? { ...step, status: status === 'failed' ? 'failed' : 'skipped', finishedAt: at, retryAt: undefined }
        : step,
    ),
  };
}

function retried(state: TaskState, at: string): TaskState {
  const earlier = { at: state.finishedAt ?? at, reason: state.failure ?? state.because.text, retriedAt: at };
  return {
    ...reopen(state, at),
    earlierFailures: [...state.earlierFailures, earlier],
    steps: state.steps.map((step) => (step.status === 'failed' ? again(step) : step)),
  };
}

function resumedFrom(state: TaskState, n: number): TaskState {
  const checkpoint = state.checkpoints.find((each) => each.n === n);
  if (checkpoint === undefined) return state;
  return { ...state, steps: stepsFrom(state, checkpoint), verification: undefined, resumeFrom: n };
}

/** What was stated of a revert is about an end that is none any more. */
function reopen(state: TaskState, at: string): TaskState {
  return {
    ...state,
    failure: undefined,
    deaths: undefined,
    finishedAt: undefined,
    escalations: state.escalations?.map(({ open: _open, ...each }) => each),
    reverts: state.reverts.map((each) => (each.status === 'proposed' ? { ...each, status: 'withdrawn', at } : each)),
  };
}

/** From the start again: no step done, a new base, earlier checkpoints and outputs kept as history. */
function fresh(state: TaskState): TaskState {
  return {
    ...state,
    steps: state.steps.map((step) => newStep(step.plan)),
    workspace: undefined,
    resumeFrom: undefined,
    verification: undefined,
    changes: undefined,
    delivery: undefined,
    startedAt: undefined,
  };
}

function again(step: TaskState['steps'][number]): TaskState['steps'][number] {
  return { ...step, status: 'pending', finishedAt: undefined, retryAt: undefined };
}
