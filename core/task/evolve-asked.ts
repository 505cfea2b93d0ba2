import type { Recorded, TaskEvent } from './events.ts';
import { act, become, updateStep } from './parts.ts';
import type { TaskState } from './state.ts';

/** What is asked of people and what they decide. `undefined` for every other event. */
export function evolveAsked(state: TaskState, recorded: Recorded): TaskState | undefined {
  const { at, event } = recorded;
  switch (event.type) {
    case 'approval.requested':
      return approvalRequested(state, event, at);
    case 'approval.decided':
      return approvalDecided(state, event, recorded);
    case 'question.asked':
      return questionAsked(state, event, at);
    case 'question.answered':
      return {
        ...state,
        questions: state.questions.map((each) =>
          each.id === event.questionId
            ? { ...each, status: 'answered', answer: event.answer, answeredAt: at, answeredBy: recorded.actor }
            : each,
        ),
      };
    default:
      return undefined;
  }
}

function approvalRequested(state: TaskState, event: TaskEvent & { type: 'approval.requested' }, at: string): TaskState {
  const step = state.steps.find((each) => each.plan.id === event.stepId);
  const approval = {
    id: event.approvalId,
    stepId: event.stepId,
    stepName: step?.plan.name ?? event.stepId,
    reason: event.reason,
    shown: event.shown,
    hash: event.hash,
    ruleHash: event.ruleHash,
    status: 'open',
    askedAt: at,
  } as const;
  const asked = updateStep(state, event.stepId, (each) => ({ ...each, status: 'waiting' }));
  return become({ ...asked, approvals: [...asked.approvals, approval] }, 'waiting', {
    text: `“${approval.stepName}” needs approval: ${event.reason}`,
    since: at,
    waitingFor: 'approval',
    awaited: 'somebody who may approve',
    next: 'Nothing runs until somebody decides; there is no time limit.',
  });
}

function approvalDecided(
  state: TaskState,
  event: TaskEvent & { type: 'approval.decided' },
  { at, actor }: Recorded,
): TaskState {
  const approval = state.approvals.find((each) => each.id === event.approvalId);
  if (approval === undefined) return state;
  const decided = {
    ...approval,
    status: event.decision,
    decidedAt: at,
    decidedBy: actor,
    note: event.note,
    rule: event.rule,
  };
  const next = updateStep(state, approval.stepId, (step) =>
    step.status === 'waiting' ? { ...step, status: 'pending' } : step,
  );
  const by = event.rule === undefined ? (actor?.name ?? 'Commander') : `a rule of ${event.rule.madeBy}`;
  return act(
    { ...next, approvals: state.approvals.map((each) => (each.id === event.approvalId ? decided : each)) },
    at,
    `“${approval.stepName}” ${event.decision} by ${by}`,
  );
}

function questionAsked(state: TaskState, event: TaskEvent & { type: 'question.asked' }, at: string): TaskState {
  const question = {
    id: event.questionId,
    text: event.text,
    options: event.options,
    about: event.about,
    status: 'open',
    askedAt: at,
  } as const;
  return become({ ...state, ready: undefined, questions: [...state.questions, question] }, 'waiting', {
    text: event.text,
    since: at,
    waitingFor: 'answer',
    awaited: state.requester.name,
    next: 'Nothing runs until somebody answers.',
  });
}
