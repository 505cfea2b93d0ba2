import type { RunReport } from './commands.ts';
import { revisionOf } from './note.ts';
import { currentStep } from './parts.ts';
import type { TaskState } from './state.ts';
import { baseCommit, commitOf, idOf } from './testing.ts';

/** For property tests: what a run may say, sensible or not. */
export const reportKinds = [
  'workspace-ready',
  'step-started',
  'step-finished',
  'step-failed',
  'actions',
  'checkpoint',
  'output',
  'verified',
  'needs-approval',
  'note-taken',
  'agent',
  'agent-quiet',
  'agent-moved',
  'asks-permission',
  'asks-question',
  'ask-withdrawn',
  'decision-heard',
  'parked',
  'fix-needed',
  'hand-over',
  'review-needed',
  'finished',
  'failed',
  'stopped',
  'delivered',
  'delivery-refused',
  'reverted',
  'revert-refused',
] as const;

/** What a right worker would say next. */
export function nextReport(state: TaskState, pick: number): RunReport {
  const { run, workspace } = state;
  if (run?.kind === 'deliver') return reports[pick < 5 ? 'delivered' : 'delivery-refused'](state, pick);
  if (run?.kind === 'revert') return reports[pick < 5 ? 'reverted' : 'revert-refused'](state, pick);
  if (workspace === undefined) return reports['workspace-ready'](state, pick);
  const step = currentStep(state);
  if (step === undefined) {
    return state.verification?.commit === workspace.head ? { type: 'finished' } : reports.verified(state, pick);
  }
  if (step.plan.agent !== undefined && step.status === 'running' && pick < 5) return agentReport(state, pick);
  if (step.status === 'waiting') return reports[pick < 5 ? 'parked' : 'ask-withdrawn'](state, 0);
  if (step.status === 'running') {
    const often = ['step-finished', 'step-finished', 'step-finished', 'checkpoint', 'output', 'step-failed'] as const;
    return reports[often[pick % often.length] ?? 'step-finished'](state, pick);
  }
  const asks = step.plan.approve !== undefined && step.attempts === 0;
  const approved = state.approvals.some((each) => each.stepId === step.plan.id && each.status === 'approved');
  return asks && !approved ? reports['needs-approval'](state, pick) : { type: 'step-started', stepId: step.plan.id };
}

/** What an agent does most. */
function agentReport(state: TaskState, pick: number): RunReport {
  const often = ['asks-permission', 'agent-quiet', 'asks-question', 'agent', 'parked'] as const;
  return reports[often[pick % often.length] ?? 'agent'](state, pick);
}

/** Each report about this task, in one of ten shapes. */
export const reports: Readonly<Record<(typeof reportKinds)[number], (state: TaskState, pick: number) => RunReport>> = {
  'workspace-ready': () => ({
    type: 'workspace-ready',
    branch: 'commander/42-release',
    baseBranch: 'main',
    base: baseCommit,
  }),
  'step-started': (state, pick) => ({ type: 'step-started', stepId: stepId(state, pick) }),
  'step-finished': (state, pick) => ({ type: 'step-finished', stepId: stepId(state, pick) }),
  'step-failed': (state, pick) => ({
    type: 'step-failed',
    stepId: stepId(state, pick),
    reason: 'exit code 1',
    transient: pick % 3 !== 0,
  }),
  actions: (_, pick) => ({
    type: 'actions',
    actions: [
      {
        at: '2026-05-03T12:00:00.000Z',
        text: pick % 2 === 0 ? 'Output' : 'Ran',
        code: `line ${pick}`,
        why: `reason ${pick}`,
      },
    ],
  }),
  checkpoint: (state, pick) => ({
    type: 'checkpoint',
    n: state.checkpoints.length + 1,
    name: `Point ${pick}`,
    commit: commitOf(pick),
    ...(pick === 0
      ? {}
      : {
          changes: {
            files: Array.from({ length: pick * 2 }, (_, index) => ({
              path: `src/file-${index}.ts`,
              status: 'modified' as const,
              added: pick,
              removed: 1,
            })),
            added: pick,
            removed: 1,
            more: pick > 7 ? 3 : 0,
          },
        }),
  }),
  output: (state, pick) => ({
    type: 'output',
    output: {
      id: idOf(900 + state.outputs.length),
      name: `report-${pick % 3}.pdf`,
      mediaType: 'application/pdf',
      size: pick * 1000,
      sha256: 'a'.repeat(64),
      version: 1 + state.outputs.filter((each) => each.name === `report-${pick % 3}.pdf`).length,
    },
  }),
  verified: (state, pick) => ({
    type: 'verified',
    commit: pick === 9 ? commitOf(9) : (state.workspace?.head ?? baseCommit),
    checks: state.understanding.verify.map(({ name }, index) => ({
      name,
      command: 'npm test',
      passed: (pick + index) % 4 !== 0,
      reason: `exit code ${(pick + index) % 4 === 0 ? 1 : 0}`,
      durationMs: 1200,
    })),
  }),
  'needs-approval': (state, pick) => ({
    type: 'needs-approval',
    stepId: stepId(state, pick),
    reason: 'it changes the project',
    shown: 'git tag v1.2.0',
    hash: `hash-${pick}`,
    ruleHash: 'rule',
    ...(pick === 3 ? { rule: { id: idOf(7), madeBy: 'ana', madeAt: '2026-05-03T12:00:00.000Z' } } : {}),
  }),
  'note-taken': (state, pick) => {
    const note = state.notes.filter(({ status }) => status === 'waiting')[pick % 3];
    return { type: 'note-taken', noteId: note?.id ?? idOf(0), revision: note === undefined ? 0 : revisionOf(note) };
  },
  agent: (state, pick) => ({
    type: 'agent',
    stepId: stepId(state, pick),
    change: {
      session: { agent: 'stub', id: `session-${pick}` },
      plan: [{ text: `Look at ${pick}`, status: 'in_progress' }],
      usage: { used: pick * 1000, size: 200_000, cost: { amount: pick / 100, currency: 'USD' } },
      ...(pick % 2 === 0 ? { said: `I did ${pick}` } : {}),
    },
  }),
  'agent-quiet': (state, pick) => ({
    type: 'agent-quiet',
    stepId: stepId(state, pick),
    since: '2026-05-03T12:00:00.000Z',
    timeMs: 600_000,
  }),
  'agent-moved': (state, pick) => ({ type: 'agent-moved', stepId: stepId(state, pick) }),
  'asks-permission': (state, pick) => ({
    type: 'asks-permission',
    askId: askId(state, pick),
    stepId: stepId(state, pick),
    title: `Run thing ${pick}`,
    reason: 'it reaches the network',
    shown: `npm publish ${pick}`,
    hash: `hash-${pick}`,
    ruleHash: 'rule',
    permission: { risk: 'high', ...(pick % 2 === 0 ? { always: 'npm publish' } : {}) },
    ...(pick === 3 ? { rule: { id: idOf(7), madeBy: 'ana', madeAt: '2026-05-03T12:00:00.000Z' } } : {}),
  }),
  'asks-question': (state, pick) => ({
    type: 'asks-question',
    askId: askId(state, pick),
    stepId: stepId(state, pick),
    text: 'Which database?',
    options: pick % 2 === 0 ? [] : [{ value: 'again', label: 'Postgres' }],
  }),
  'ask-withdrawn': (state, pick) => ({
    type: 'ask-withdrawn',
    askId: [...state.approvals, ...state.questions].filter((each) => each.status === 'open')[pick % 2]?.id ?? idOf(0),
  }),
  'decision-heard': (state, pick) => ({ type: 'decision-heard', askId: state.approvals[pick]?.id ?? idOf(0) }),
  parked: (state, pick) => ({ type: 'parked', stepId: stepId(state, pick) }),
  'fix-needed': (state) => ({
    type: 'fix-needed',
    stepId: state.steps.find(({ plan }) => plan.agent !== undefined)?.plan.id ?? 'no-step',
    reason: '“tests” failed: exit code 1',
  }),
  'hand-over': (state) => ({
    type: 'hand-over',
    stepId: state.steps.find(({ plan }) => plan.agent !== undefined)?.plan.id ?? 'no-step',
    to: { id: 'other', name: 'Other' },
    reason: 'checks failed twice',
  }),
  'review-needed': (state, pick) => ({
    type: 'review-needed',
    stepId: state.steps.find(({ plan }) => plan.agent !== undefined)?.plan.id ?? 'no-step',
    person: { memberId: idOf(600), name: 'dora' },
    attempts: pick,
    ...(pick % 2 === 0 ? {} : { stuck: 'it refuses' }),
  }),
  finished: () => ({ type: 'finished' }),
  failed: () => ({ type: 'failed', reason: 'the disk is full' }),
  stopped: () => ({ type: 'stopped' }),
  delivered: (_, pick) => ({ type: 'delivered', result: commitOf(pick) }),
  'delivery-refused': () => ({ type: 'delivery-refused', reason: 'the branch moved' }),
  reverted: (_, pick) => ({ type: 'reverted', result: commitOf(pick) }),
  'revert-refused': () => ({ type: 'revert-refused', reason: 'the folder is gone' }),
};

/** A new id mostly, sometimes one that was used. */
function askId({ approvals, questions }: TaskState, pick: number): string {
  return idOf(300 + approvals.length + questions.length - (pick === 7 ? 1 : 0));
}

/** Mostly the step that it is at, sometimes another, sometimes none. */
function stepId(state: TaskState, pick: number): string {
  if (pick === 9) return 'no-step';
  if (pick === 8) return state.steps[0]?.plan.id ?? 'no-step';
  return currentStep(state)?.plan.id ?? 'no-step';
}
