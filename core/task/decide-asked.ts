import { formatMoment } from '#core/text/moment.ts';
import { shorten } from '#core/text/shorten.ts';
import type { Approval, Question } from './asked.ts';
import type { DecideContext, Decision, PersonCommand } from './commands.ts';
import { notHisToApprove, weighVote } from './deciders.ts';
import { happens, refuse } from './decision.ts';
import type { TaskEvent } from './events.ts';
import { isFinal } from './parts.ts';
import { takesAnswer } from './question-limit.ts';
import { isStuck, notMended, reviewed, stopReviewing } from './reviewing.ts';
import { tooManyFiles } from './said-files.ts';
import type { TaskState } from './state.ts';

type AskedCommand = Extract<PersonCommand, { readonly type: 'approve' | 'deny' | 'refine' | 'answer' }>;

/** Decides approvals and answers. The first decision counts; every later one is told what was decided. */
export function decideAsked(state: TaskState, command: AskedCommand, context: DecideContext): Decision {
  if (command.type === 'answer') return answer(state, command, context);
  const approval = state.approvals.find((each) => each.id === command.approvalId);
  if (approval === undefined) return refuse('unknown', `#${state.number} has no such approval.`);
  if (approval.status !== 'open') return refuse('already_decided', recordedDecision(state, approval));
  const by = context.actor?.name ?? 'Commander';
  const vote = command.type === 'approve' ? voteOf(state, approval, context) : undefined;
  if (vote !== undefined) return vote;
  if (approval.permission !== undefined) return decidePermission(state, approval, command, by);
  switch (command.type) {
    case 'approve':
      return happens(
        { type: 'approval.decided', approvalId: approval.id, decision: 'approved' },
        dueAgain(state, `Approved by ${by}`),
      );
    case 'deny':
      return happens(
        { type: 'approval.decided', approvalId: approval.id, decision: 'denied', note: command.note },
        { type: 'task.cancelled', reason: `${by} denied “${approval.stepName}”` },
      );
    case 'refine':
      return happens(
        { type: 'approval.decided', approvalId: approval.id, decision: 'refined', note: command.note },
        {
          type: 'task.refined',
          note: command.note,
          inputs: command.inputs,
          steps: command.steps,
          verify: command.verify,
          title: command.title,
        },
        dueAgain(state, `Refined by ${by}; it starts again from the first step`),
      );
  }
}

/** What an approval comes to that does not decide yet: not allowed, given already, or one of several. */
function voteOf(state: TaskState, approval: Approval, { actor }: DecideContext): Decision | undefined {
  if (actor === undefined) return undefined;
  const own = notHisToApprove(state, actor);
  if (own !== undefined) return refuse('not_allowed', own);
  const vote = weighVote(state, approval.votes ?? [], actor);
  if (vote.is === 'given') return refuse('already_decided', vote.words);
  return vote.is === 'enough' ? undefined : happens({ type: 'approval.voted', approvalId: approval.id });
}

/** An agent that is refused goes on without, and hears why. */
function decidePermission(
  state: TaskState,
  approval: Approval,
  command: AskedCommand & { type: 'approve' | 'deny' | 'refine' },
  by: string,
): Decision {
  const decision = command.type === 'approve' ? 'approved' : 'denied';
  const note = command.type === 'approve' ? undefined : command.note;
  return happens(
    { type: 'approval.decided', approvalId: approval.id, decision, ...(note === undefined ? {} : { note }) },
    goesOn(state, `${by} ${decision} “${approval.stepName}”`),
  );
}

/** What follows when something that was asked in the middle of a step is settled: its run works on, or is due again. */
export function goesOn(state: TaskState, reason: string): TaskEvent {
  const { run } = state;
  return run?.status === 'running' ? { type: 'run.continued', runId: run.id, reason } : dueAgain(state, reason);
}

/** It waits for a worker; or, where somebody wanted a pause meanwhile, for him. */
function dueAgain({ pauseRequestedBy }: TaskState, reason: string): TaskEvent {
  if (pauseRequestedBy === undefined) return { type: 'task.queued', reason };
  return { type: 'task.paused', reason: `${reason}, paused by ${pauseRequestedBy.name}` };
}

/** What was decided, by whom and when: the answer to every later click. */
export function recordedDecision(state: TaskState, approval: Approval): string {
  if (approval.status === 'withdrawn')
    return `“${approval.stepName}” is no longer asked: ${whyNoLonger(state, approval)}.`;
  const by = approval.rule === undefined ? approval.decidedBy?.name : `a rule of ${approval.rule.madeBy}`;
  const at = approval.decidedAt === undefined ? '' : `, ${formatMoment(approval.decidedAt)}`;
  return `“${approval.stepName}” was ${approval.status} by ${by ?? 'Commander'}${at}.`;
}

function whyNoLonger(state: TaskState, { permission }: Pick<Approval, 'permission'>): string {
  if (isFinal(state)) return `#${state.number} is ${state.status} (${shorten(state.because.text, 100)})`;
  return permission === undefined ? 'the task had ended' : 'the agent no longer waits for it';
}

type Answer = AskedCommand & { readonly type: 'answer' };

function answered({ questionId, files }: Answer, answer: string): TaskEvent {
  return { type: 'question.answered', questionId, answer, ...(files === undefined ? {} : { files }) };
}

function answer(state: TaskState, command: Answer, { actor }: DecideContext): Decision {
  const question = state.questions.find((each) => each.id === command.questionId);
  if (question === undefined) return refuse('unknown', `#${state.number} has no such question.`);
  if (!takesAnswer(state, question)) return refuse('already_decided', settledWords(state, question));
  const tooMany = tooManyFiles(state, command.files);
  if (tooMany !== undefined) return refuse('not_now', tooMany);
  const by = actor?.name ?? 'Commander';
  if (question.about.kind === 'review') return answerReview(state, question, command, by);
  if (question.about.kind === 'agent') return answerAgent(state, question, command, by);
  const option = question.options.find((each) => each.value === command.answer);
  if (option === undefined) {
    return refuse('unknown', `Please choose one of: ${question.options.map((each) => each.label).join(', ')}.`);
  }
  return happens(answered(command, option.label), ...afterUnsafeStep(state, question, { choice: option.value, by }));
}

/** An agent takes an answer in words as well. */
function answerAgent(state: TaskState, question: Question, command: Answer, by: string): Decision {
  const words = question.options.find((each) => each.value === command.answer)?.label ?? command.answer;
  return happens(answered(command, words), goesOn(state, `${by} answered`));
}

/** The agent goes on with what the reviewer says; or the task ends as it is. */
function answerReview(state: TaskState, question: Question, command: Answer, by: string): Decision {
  const said = command.answer;
  const option = question.options.find((each) => each.value === said);
  const event = answered(command, option?.label ?? said);
  const { stepId } = question.about;
  if (option?.value === stopReviewing)
    return happens(event, notMended(state, stepId, `${by} wants no further attempt`));
  if (isStuck(state, stepId)) {
    const note = option === undefined ? said : '';
    return happens(event, { type: 'step.advised', stepId, by, note }, dueAgain(state, `${by} says how it goes on`));
  }
  return happens(
    event,
    reviewed(state, { stepId, by, note: said, reviewer: by }),
    dueAgain(state, `${by} reviewed it and said what to do`),
  );
}

/** What became of a question: the answer to every later one. */
function settledWords(state: TaskState, { status, answer, answeredAt, answeredBy, text }: Question): string {
  const at = answeredAt === undefined ? '' : ` at ${formatMoment(answeredAt)}`;
  if (status === 'withdrawn') {
    const why = isFinal(state) ? `: ${whyNoLonger(state, {})}` : '';
    return `“${shorten(text, 80)}” is no longer asked${why}.`;
  }
  if (status === 'answered') return `${answeredBy?.name ?? 'Commander'} answered already${at}: ${answer ?? ''}.`;
  const taken = answer === undefined ? 'it goes on without an answer' : `“${answer}” was taken`;
  return `The time for an answer was over${at}, and ${taken}. To change that, write in the thread what you want.`;
}

function afterUnsafeStep(
  state: TaskState,
  question: Question,
  { choice, by }: { readonly choice: string; readonly by: string },
): readonly TaskEvent[] {
  const { stepId } = question.about;
  if (choice === 'cancel') return [{ type: 'task.cancelled', reason: `Cancelled by ${by}` }];
  if (choice === 'skip') {
    return [
      { type: 'step.skipped', stepId, reason: `${by} says that this step was done` },
      dueAgain(state, `${by} says that the step was done; it goes on after it`),
    ];
  }
  return [dueAgain(state, `${by} wants the step to run again`)];
}
