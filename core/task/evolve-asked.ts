import type { Approval, Question } from './asked.ts';
import { decidersOf } from './deciders.ts';
import type { Recorded, TaskEvent } from './events.ts';
import { act, answered, become, updateStep } from './parts.ts';
import { otherwiseWords } from './question-limit.ts';
import { remindedOnce } from './reminding.ts';
import type { TaskState } from './state.ts';

/** What is asked of people and what they decide. `undefined` for every other event. */
export function evolveAsked(state: TaskState, recorded: Recorded): TaskState | undefined {
  const { at, event } = recorded;
  switch (event.type) {
    case 'approval.requested':
      return approvalRequested(state, event, at);
    case 'approval.voted':
      return approvalVoted(state, event, recorded);
    case 'approval.decided':
      return approvalDecided(state, event, recorded);
    case 'question.asked':
      return questionAsked(state, event, at);
    case 'question.withdrawn':
      return questionWithdrawn(state, event, at);
    case 'asked.reminded':
      return reminded(state, event, at);
    case 'question.timed_out':
      return questionTimedOut(state, event, at);
    case 'question.extended':
      return questionExtended(state, event, at);
    case 'question.answered':
      return questionAnswered(state, event, recorded);
    default:
      return undefined;
  }
}

function approvalRequested(state: TaskState, event: TaskEvent & { type: 'approval.requested' }, at: string): TaskState {
  const step = state.steps.find((each) => each.plan.id === event.stepId);
  const approval = {
    id: event.approvalId,
    stepId: event.stepId,
    stepName: event.permission?.title ?? step?.plan.name ?? event.stepId,
    reason: event.reason,
    shown: event.shown,
    ...(event.whole === undefined ? {} : { whole: event.whole }),
    hash: event.hash,
    ruleHash: event.ruleHash,
    status: 'open',
    askedAt: at,
    ...permissionOf(event),
  } as const;
  const asked = updateStep(state, event.stepId, (each) => ({ ...each, status: 'waiting' }));
  return become({ ...asked, approvals: [...asked.approvals, approval] }, 'waiting', {
    text: `“${approval.stepName}” needs approval: ${event.reason}`,
    since: at,
    waitingFor: 'approval',
    awaited: decidersWords(state),
    next: 'Nothing runs until somebody decides; there is no time limit.',
  });
}

/** Whose decision it takes. */
function decidersWords(state: TaskState): string {
  const { people, notRequester } = decidersOf(state);
  const who = people === 1 ? 'somebody who may approve' : `${people} people who may approve`;
  return notRequester ? `${who}, not ${state.requester.name}` : who;
}

function permissionOf({ permission }: TaskEvent & { type: 'approval.requested' }): Pick<Approval, 'permission'> {
  if (permission === undefined) return {};
  const { title: _, ...asked } = permission;
  return { permission: asked };
}

/** It stays open, for others have to approve as well. */
function approvalVoted(
  state: TaskState,
  { approvalId }: TaskEvent & { type: 'approval.voted' },
  { at, actor }: Recorded,
): TaskState {
  if (actor === undefined) return state;
  const approvals = state.approvals.map((each) =>
    each.id === approvalId ? { ...each, votes: [...(each.votes ?? []), { by: actor, at }] } : each,
  );
  const name = approvals.find(({ id }) => id === approvalId)?.stepName ?? '';
  return act({ ...state, approvals }, at, `“${name}” approved by ${actor.name}; others have to as well`);
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
  const by = event.rule === undefined ? (actor?.name ?? 'Commander') : `a rule of ${event.rule.madeBy}`;
  const approvals = state.approvals.map((each) => (each.id === event.approvalId ? decided : each));
  return act(
    answered({ ...state, approvals }, approval.stepId),
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
    ...(event.needs === undefined ? {} : { needs: event.needs }),
    ...(event.asks === undefined ? {} : { asks: event.asks }),
    ...(event.limit === undefined ? {} : { limit: event.limit }),
    status: 'open',
    askedAt: at,
  } as const;
  const asked =
    event.about.kind === 'agent'
      ? updateStep(state, event.about.stepId, (each) => ({ ...each, status: 'waiting' }))
      : state;
  return become({ ...asked, ready: undefined, questions: [...state.questions, question] }, 'waiting', {
    text: event.text,
    since: at,
    waitingFor: 'answer',
    awaited: event.needs === 'decide' ? 'somebody who may approve' : (event.asks ?? state.requester).name,
    next: otherwiseWords(event.limit),
    ...(event.limit === undefined ? {} : { until: event.limit.until }),
  });
}

function reminded(
  state: TaskState,
  { askedId, told = {} }: TaskEvent & { type: 'asked.reminded' },
  at: string,
): TaskState {
  const once = <Asked extends Approval | Question>(asked: Asked): Asked =>
    asked.id === askedId ? { ...asked, reminders: remindedOnce(asked.reminders, told, at) } : asked;
  return { ...state, approvals: state.approvals.map(once), questions: state.questions.map(once) };
}

/** Its agent works on without. */
function questionWithdrawn(state: TaskState, event: TaskEvent & { type: 'question.withdrawn' }, at: string): TaskState {
  const question = state.questions.find((each) => each.id === event.questionId);
  if (question === undefined) return state;
  const over = { ...question, status: 'withdrawn', answeredAt: at } as const;
  const next = { ...state, questions: state.questions.map((each) => (each === question ? over : each)) };
  return question.about.kind === 'agent' ? answered(next, question.about.stepId) : next;
}

function questionTimedOut(state: TaskState, event: TaskEvent & { type: 'question.timed_out' }, at: string): TaskState {
  const question = state.questions.find((each) => each.id === event.questionId);
  if (question === undefined) return state;
  const { answer } = event;
  const over = {
    ...question,
    status: 'timed-out',
    answeredAt: at,
    ...(answer === undefined ? {} : { answer }),
  } as const;
  const next = { ...state, questions: state.questions.map((each) => (each === question ? over : each)) };
  const settled = question.about.kind === 'agent' ? answered(next, question.about.stepId) : next;
  return act(
    settled,
    at,
    answer === undefined ? 'Nobody answered in time' : `Nobody answered in time: “${answer}” is taken`,
  );
}

function questionExtended(
  state: TaskState,
  { questionId, until }: TaskEvent & { type: 'question.extended' },
  at: string,
): TaskState {
  const questions = state.questions.map((each) =>
    each.id === questionId && each.limit !== undefined
      ? { ...each, limit: { ...each.limit, until, extendedAt: at } }
      : each,
  );
  const waiting = { ...state, because: { ...state.because, until }, questions };
  return act(waiting, at, 'Commander was away when the time for an answer was over; there is more time now');
}

function questionAnswered(
  state: TaskState,
  event: TaskEvent & { type: 'question.answered' },
  { at, actor }: Recorded,
): TaskState {
  const question = state.questions.find((each) => each.id === event.questionId);
  if (question === undefined) return state;
  const { answer, files } = event;
  const given = files === undefined ? {} : { files };
  const done = { ...question, status: 'answered', answer, ...given, answeredAt: at, answeredBy: actor } as const;
  const next = { ...state, questions: state.questions.map((each) => (each === question ? done : each)) };
  return question.about.kind === 'agent' ? answered(next, question.about.stepId) : next;
}
