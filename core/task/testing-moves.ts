import fc from 'fast-check';
import type { TaskCommand } from './commands.ts';
import type { TaskEvent, TaskReceived } from './events.ts';
import { isFinal, openAsks } from './parts.ts';
import { awayMs } from './question-due.ts';
import { later } from './question-limit.ts';
import { quietNow, seenEnd } from './quiet.ts';
import { nextReminder } from './reminding.ts';
import type { TaskState } from './state.ts';
import {
  type Actor,
  ana,
  baseCommit,
  bo,
  commitOf,
  cy,
  eve,
  idOf,
  manifest,
  plannedStep,
  receivedWithCheck,
  type TaskStory,
} from './testing.ts';
import { nextReport, reportKinds, reports } from './testing-reports.ts';

/** For property tests: something that may happen to any task at any time, sensible or not. `pick` chooses among the objects there are. */
export interface Move {
  readonly kind: (typeof kinds)[number];
  readonly pick: number;
  readonly by: Actor | undefined;
}

const engineKinds = [
  'queue',
  'block',
  'fail-blocked',
  'admit',
  'claim',
  'interrupt',
  'retry-due',
  'question-due',
  'remind',
] as const;
const personKinds = [
  'pause',
  'resume',
  'cancel',
  'retry',
  'resume-from',
  'restart',
  'escalate',
  'prioritise',
  'approve',
  'deny',
  'refine',
  'answer',
  'deliver',
  'propose-revert',
  'revert',
  'withdraw-revert',
  'wait',
  'say',
  'change-note',
  'drop-note',
] as const;
/** What a right engine and worker would do next; without it random moves hardly ever get to an end. */
const kinds = ['progress', ...engineKinds, ...personKinds, ...reportKinds] as const;

type Made = (state: TaskState, pick: number) => TaskCommand;

const actors = [ana, bo, cy, eve, undefined];

export const moves: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.record({
    kind: fc.oneof(
      { weight: 5, arbitrary: fc.constant('progress' as const) },
      { weight: 2, arbitrary: fc.constantFrom(...personKinds) },
      { weight: 1, arbitrary: fc.constantFrom(...engineKinds, ...reportKinds) },
    ),
    pick: fc.nat({ max: 9 }),
    by: fc.oneof({ weight: 3, arbitrary: fc.constant(bo) }, { weight: 1, arbitrary: fc.constantFrom(...actors) }),
  }),
  // Without a size, fast-check prefers short lists: too short to get anywhere.
  { minLength: 20, maxLength: 100, size: 'max' },
);

/** What happens between a task before a move and after it. */
export type Look = (before: TaskState, after: TaskState, told: TaskStory) => void;

/** A task with steps that ask, that are retried, and that may not be repeated: all ways there are. */
export function eventful(more: Partial<TaskReceived> = {}): TaskEvent {
  return receivedWithCheck({
    steps: [
      plannedStep('s1', { retry: { limit: 2, backoffMs: 1000, on: ['transient'] } }),
      plannedStep('s4', { agent: { id: 'stub', name: 'Stub', prompt: 'mend it' }, argv: [], steerable: true }),
      plannedStep('s2', { approve: 'it changes the project' }),
      plannedStep('s3', { safeToRepeat: false, steerable: true, reversible: 'a message that was sent stays sent' }),
    ],
    ...more,
  });
}

/** Plays the moves and looks at the task before and after each. */
export function playMoves(told: TaskStory, played: readonly Move[], look: Look = () => {}): TaskStory {
  for (const [turn, move] of played.entries()) {
    const before = told.state;
    const command = commandOf(before, move, turn);
    if (command.type === 'remind') told.reaches(openAsks(before).map(nextReminder)[0] ?? before.createdAt);
    if (command.type === 'question-due') told.reaches(whenDue(before, move.pick));
    told.command(command, actorOf(command, move));
    look(before, told.state, told);
  }
  return told;
}

/** Who gives the command of a move: the engine and the workers are nobody. */
function actorOf(command: TaskCommand, { by }: Move): Actor | undefined {
  return personKinds.some((kind) => kind === command.type) ? by : undefined;
}

/** A timer comes when it is due, sometimes too early, sometimes minutes late. */
function whenDue({ questions, createdAt }: TaskState, pick: number): string {
  const until = questions.at(-1)?.limit?.until;
  return until === undefined || pick === 9 ? createdAt : later(until, pick === 8 ? 2 * awayMs : 0);
}

/** The command that a move is in this state. `turn` counts the moves: a run that it admits is named by it. */
function commandOf(state: TaskState, { kind, pick }: Move, turn: number): TaskCommand {
  const command = kind === 'progress' ? progress(state, pick) : made[kind](state, pick);
  return command.type === 'admit' ? { ...command, runId: `run-${turn}` } : command;
}

function progress(state: TaskState, pick: number): TaskCommand {
  if (state.run === undefined) return withoutRun(state, pick);
  if (state.run.status === 'admitted') return { type: 'claim', runId: state.run.id, worker: `worker-${pick}` };
  // Workers die in the middle of steps.
  if (pick === 9) return { type: 'interrupt', runId: state.run.id, reason: 'Its worker died' };
  return { type: 'report', runId: state.run.id, report: nextReport(state, pick) };
}

function withoutRun(state: TaskState, pick: number): TaskCommand {
  if (state.ready !== undefined) return made.admit(state, pick);
  if (state.status === 'paused') return { type: 'resume' };
  if (state.because.waitingFor === 'approval') return made.approve(state, state.approvals.length - 1);
  if (state.because.waitingFor === 'answer')
    return pick > 5 ? made['question-due'](state, pick) : made.answer(state, pick);
  if (state.because.waitingFor === 'retry') return { type: 'retry-due' };
  return isFinal(state) ? afterTheEnd(state, pick) : { type: 'queue' };
}

function afterTheEnd(state: TaskState, pick: number): TaskCommand {
  const proposal = state.reverts.find((each) => each.status === 'proposed');
  if (proposal !== undefined) return made.revert(state, state.reverts.indexOf(proposal));
  if (pick < 4 && state.status === 'completed') return made.deliver(state, 0);
  if (pick < 7) return made['propose-revert'](state, pick);
  if (state.status === 'failed' && pick === 8) return made['resume-from'](state, state.checkpoints.length);
  return state.status === 'failed' && pick === 7 ? { type: 'retry' } : { type: 'restart' };
}

const made: Readonly<Record<Exclude<Move['kind'], 'progress'>, Made>> = {
  queue: () => ({ type: 'queue' }),
  block: (_, pick) => ({
    type: 'block',
    for: pick % 2 === 0 ? 'lock' : 'dependency',
    reason: `Waiting for #${pick}`,
    awaited: `#${pick}`,
  }),
  'fail-blocked': () => ({ type: 'fail-blocked', reason: '#41 did not end well' }),
  admit: (_, pick) => ({ type: 'admit', runId: `run-${pick}` }),
  claim: (state, pick) => ({ type: 'claim', runId: runId(state, pick), worker: 'worker-1' }),
  interrupt: (state, pick) => ({ type: 'interrupt', runId: runId(state, pick), reason: 'Its worker died' }),
  'retry-due': () => ({ type: 'retry-due' }),
  'question-due': (state) => ({ type: 'question-due', questionId: state.questions.at(-1)?.id ?? idOf(0) }),
  remind: (state, pick) => ({
    type: 'remind',
    askedId: choose([...state.approvals, ...state.questions].toReversed(), pick)?.id ?? idOf(0),
  }),
  pause: () => ({ type: 'pause' }),
  resume: () => ({ type: 'resume' }),
  cancel: () => ({ type: 'cancel' }),
  retry: () => ({ type: 'retry' }),
  escalate: () => ({ type: 'escalate', note: 'please look' }),
  'resume-from': (state, pick) => ({ type: 'resume-from', checkpoint: choose(state.checkpoints, pick)?.n ?? 99 }),
  restart: () => ({ type: 'restart' }),
  prioritise: (_, pick) => ({ type: 'prioritise', priority: pick * 10 }),
  approve: (state, pick) => ({ type: 'approve', approvalId: choose(state.approvals, pick)?.id ?? idOf(0) }),
  deny: (state, pick) => ({ type: 'deny', approvalId: choose(state.approvals, pick)?.id ?? idOf(0), note: 'not now' }),
  refine: (state, pick) => ({
    type: 'refine',
    approvalId: choose(state.approvals, pick)?.id ?? idOf(0),
    note: pick % 2 === 0 ? '' : 'smaller, please',
    title: `Refined ${pick}`,
    inputs: { version: `1.${pick}` },
    steps: [plannedStep('s1'), plannedStep('s2', { approve: 'it changes the project' })],
    verify: state.understanding.verify,
  }),
  answer: (state, pick) => ({
    type: 'answer',
    questionId: choose(state.questions, state.questions.length - 1)?.id ?? idOf(0),
    answer: ['again', 'skip', 'cancel', 'nonsense'][pick % 4] ?? 'again',
  }),
  deliver: (state, pick) => ({ type: 'deliver', commit: pick > 6 ? commitOf(8) : (state.workspace?.head ?? '') }),
  'propose-revert': (state, pick) => ({
    type: 'propose-revert',
    revertId: idOf(500 + state.reverts.length),
    checkpoint: choose(state.checkpoints, pick)?.n ?? 99,
    head: state.workspace?.head ?? baseCommit,
    manifest: { ...manifest, verdict: (['eligible', 'partly', 'not'] as const)[pick % 3] ?? 'not' },
  }),
  revert: (state, pick) => ({
    type: 'revert',
    revertId: choose(state.reverts, pick)?.id ?? idOf(0),
    ...(pick % 2 === 0 ? {} : { files: ['CHANGELOG.md'] }),
  }),
  'withdraw-revert': (state, pick) => ({
    type: 'withdraw-revert',
    revertId: choose(state.reverts, pick)?.id ?? idOf(0),
  }),
  wait: (state, pick) => {
    const spell = quietNow(state)?.spell;
    return { type: 'wait', seen: spell === undefined || pick === 9 ? '0' : seenEnd(spell) };
  },
  say: (state, pick) => ({
    type: 'say',
    noteId: idOf(700 + state.notes.length + (pick === 0 ? -1 : 0)),
    kind: (['steer', 'queued', 'aside'] as const)[pick % 3] ?? 'steer',
    text: `words ${pick}`,
  }),
  'change-note': (state, pick) => ({
    type: 'change-note',
    noteId: choose(state.notes, pick)?.id ?? idOf(0),
    text: `other words ${pick}`,
    ...(pick % 2 === 0 ? {} : { kind: 'queued' }),
  }),
  'drop-note': (state, pick) => ({ type: 'drop-note', noteId: choose(state.notes, pick)?.id ?? idOf(0) }),
  ...(Object.fromEntries(
    reportKinds.map((kind) => [
      kind,
      (state: TaskState, pick: number): TaskCommand => ({
        type: 'report',
        runId: runId(state, pick),
        report: reports[kind](state, pick),
      }),
    ]),
  ) as Readonly<Record<(typeof reportKinds)[number], Made>>),
};

/** Mostly the live run, sometimes one that is none. */
function runId(state: TaskState, pick: number): string {
  return pick > 7 ? 'run-of-the-past' : (state.run?.id ?? 'no-run');
}

function choose<T>(items: readonly T[], pick: number): T | undefined {
  return items[items.length === 0 ? 0 : pick % items.length];
}
