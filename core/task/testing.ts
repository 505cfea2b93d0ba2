import type { Role } from '#core/policy/roles.ts';
import type { StandingRule } from '#core/policy/standing-rule.ts';
import type { PlannedStep } from '#core/project-file/plan.ts';
import type { DecideContext, Decision, Refusal, RunReport, TaskCommand } from './commands.ts';
import { decide } from './decide.ts';
import type { Recorded, TaskEvent, TaskReceived } from './events.ts';
import { evolve } from './evolve.ts';
import type { Person } from './person.ts';
import type { RevertManifest } from './result.ts';
import type { TaskState } from './state.ts';
import type { Understanding } from './understanding.ts';

/** For tests: a task under the real rules, driven step by step, with a clock that moves one second a command. */
export interface TaskStory {
  readonly state: TaskState;
  /** Everything that happened, from the first event on. */
  readonly events: readonly Recorded[];
  /** Gives a command that may be refused. Changes nothing then. */
  command(command: TaskCommand, by?: Actor): Decision;
  /** Gives a command that is carried out; throws when it is refused. */
  happens(command: TaskCommand, by?: Actor): TaskState;
  /** Gives a command that is refused; throws when it is not. */
  refused(command: TaskCommand, by?: Actor): Refusal['code'];
  /** What the live run reports. */
  report(report: RunReport): TaskState;
  /** Admits and claims what is ready; returns the id of the run. */
  start(): string;
  /** Lets time pass: the next command comes at this moment, or a second after the last one if that is later. */
  reaches(at: string): void;
}

export type Actor = Person & { readonly role: Role };

export const ana: Actor = { memberId: 'member-ana', name: 'ana', role: 'requester' };
export const bo: Actor = { memberId: 'member-bo', name: 'bo', role: 'approver' };
export const eve: Actor = { memberId: 'member-eve', name: 'eve', role: 'viewer' };
export const cy: Actor = { memberId: 'member-cy', name: 'cy', role: 'requester' };

/** Ids of the length that real ones have. */
export function idOf(count: number): string {
  return `0190f000-0000-7000-8000-${String(count).padStart(12, '0')}`;
}

export const baseCommit = '0'.repeat(40);

/** A commit's name made of one digit. */
export function commitOf(digit: number): string {
  return String(digit % 10).repeat(40);
}

/** A step that runs without asking, changes nothing outside, and may be repeated, unless `more` says otherwise. */
export function plannedStep(id: string, more: Partial<PlannedStep> = {}): PlannedStep {
  const argv = ['sh', '-e', '-c', `echo ${id}`];
  return {
    id,
    name: `Do ${id}`,
    argv,
    env: {},
    cwd: '.',
    timeoutMs: 60_000,
    retry: { limit: 0, backoffMs: 1000, on: ['transient'] },
    reversible: true,
    safeToRepeat: true,
    outputs: [],
    declaration: { name: `Do ${id}`, argv, env: {}, cwd: '.' },
    ...more,
  };
}

/** Of a task of which nothing is known but that it is to be done. */
export const plainUnderstanding: Understanding = {
  heard: '',
  corrections: [],
  inputs: {},
  scope: [],
  risk: 'low',
  riskReason: '',
  expects: [],
  verify: [],
  attachments: [],
};

/** What a task begins with; two plain steps and no checks unless `more` says otherwise. */
export function received(more: Partial<TaskReceived> = {}): TaskEvent {
  return {
    type: 'task.received',
    id: idOf(42),
    number: 42,
    title: 'Release 1.2.0',
    request: 'release 1.2.0 please',
    project: { id: idOf(1), name: 'demo' },
    runbook: { id: 'release', name: 'release' },
    understanding: {
      heard: 'Release version 1.2.0',
      corrections: [],
      inputs: { version: '1.2.0' },
      scope: [],
      risk: 'medium',
      riskReason: 'it changes files',
      expects: ['a changelog'],
      verify: [],
      attachments: [],
    },
    steps: [plannedStep('s1'), plannedStep('s2')],
    priority: 50,
    after: [],
    ...more,
  };
}

/** The same with one check on the final commit. */
export function receivedWithCheck(more: Partial<TaskReceived> = {}): TaskEvent {
  const plain = received(more);
  if (plain.type !== 'task.received') throw new RangeError('a task begins with task.received');
  const verify = [{ name: 'tests', argv: ['npm', 'test'], timeoutMs: 60_000 }];
  return { ...plain, understanding: { ...plain.understanding, verify } };
}

export const manifest: RevertManifest = {
  verdict: 'partly',
  delivered: false,
  undone: ['CHANGELOG.md', 'package.json'],
  cannot: [{ what: '“Tell the channel”', why: 'a message that was sent stays sent' }],
};

/** Begins a task; it is in the backlog until it is queued. `rule`: the standing rule about what its runs ask for. */
export function begin(first: TaskEvent = received(), rule?: StandingRule): TaskStory {
  let clock = Date.UTC(2026, 4, 3, 12, 0);
  let ids = 100;
  const now = () => new Date(clock).toISOString();
  const newId = () => idOf(++ids);
  const events: Recorded[] = [{ at: now(), actor: person(ana), event: first }];
  let state = evolve(undefined, { at: now(), actor: person(ana), event: first });

  function command(wanted: TaskCommand, by?: Actor): Decision {
    clock += 1000;
    const context: DecideContext = { now: now(), newId, rule, ...(by === undefined ? {} : { actor: by }) };
    const decision = decide(state, wanted, context);
    for (const event of decision.ok ? decision.events : []) {
      const recorded = { at: now(), event, ...(by === undefined ? {} : { actor: person(by) }) };
      events.push(recorded);
      state = evolve(state, recorded);
    }
    return decision;
  }

  function happens(wanted: TaskCommand, by?: Actor): TaskState {
    const decision = command(wanted, by);
    if (!decision.ok) throw new Error(`${wanted.type} is refused: ${decision.refusal.message}`);
    return state;
  }

  return {
    get state() {
      return state;
    },
    events,
    command,
    happens,
    refused(wanted, by) {
      const decision = command(wanted, by);
      if (decision.ok) throw new Error(`${wanted.type} is carried out`);
      return decision.refusal.code;
    },
    reaches(at) {
      clock = Math.max(clock, Date.parse(at) - 1000);
    },
    report: (report) => happens({ type: 'report', runId: state.run?.id ?? 'none', report }),
    start() {
      const runId = newId();
      happens({ type: 'admit', runId });
      happens({ type: 'claim', runId, worker: 'worker-1' });
      return runId;
    },
  };
}

function person({ memberId, name }: Actor): Person {
  return { memberId, name };
}
