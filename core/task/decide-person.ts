import { type Deed, roleAllows, roleNeeded } from '#core/policy/roles.ts';
import type { DecideContext, Decision, PersonCommand, Refusal } from './commands.ts';
import { decideAsked } from './decide-asked.ts';
import { decideChange } from './decide-change.ts';
import { cancelReason } from './decide-engine.ts';
import { decideNote } from './decide-note.ts';
import { happens, refuse } from './decision.ts';
import { currentStep, isFinal, toReview, waitsForPerson } from './parts.ts';
import { asksIfSafeToRepeat, unsettledStep } from './question-limit.ts';
import { waitLonger } from './quiet.ts';
import { resumePoints } from './resume-points.ts';
import { reviewed } from './reviewing.ts';
import type { TaskState } from './state.ts';

/** Decides what a person wants: first whether he may, then whether it makes sense now. */
export function decidePerson(state: TaskState, command: PersonCommand, context: DecideContext): Decision {
  const refusal = notAllowed(state, command, context);
  if (refusal !== undefined) return { ok: false, refusal };
  switch (command.type) {
    case 'pause':
      return pause(state, context);
    case 'resume':
      return resume(state, context);
    case 'cancel':
      return cancel(state, context);
    case 'retry':
      return retry(state);
    case 'resume-from':
      return resumeFrom(state, command.checkpoint);
    case 'restart':
      return restart(state);
    case 'run-elsewhere':
      return runElsewhere(state, command.agentId, context);
    case 'wait':
      return waitLonger(state, command.seen);
    case 'review':
      return review(state, command.note, context);
    case 'escalate':
      return escalate(state, command.note ?? '');
    case 'prioritise':
      return happens({ type: 'task.prioritised', priority: command.priority });
    case 'approve':
    case 'deny':
    case 'refine':
    case 'answer':
      return decideAsked(state, command, context);
    case 'say':
    case 'change-note':
    case 'drop-note':
      return decideNote(state, command, context);
    default:
      return decideChange(state, command, context);
  }
}

function notAllowed(state: TaskState, command: PersonCommand, { actor }: DecideContext): Refusal | undefined {
  if (actor === undefined) return { code: 'not_allowed', message: 'Only a person can do that.' };
  const deed = deedOf(state, command, actor.memberId);
  if (roleAllows(actor.role, deed)) return undefined;
  return {
    code: 'not_allowed',
    message: `${actor.name} has the role “${actor.role}”; this needs “${roleNeeded(deed)}”. An admin can change roles.`,
  };
}

function deedOf(state: TaskState, command: PersonCommand, actorId: string): Deed {
  const own = actorId === state.requester.memberId;
  switch (command.type) {
    case 'answer': {
      const question = state.questions.find(({ id }) => id === command.questionId);
      const asked = question?.asks?.memberId === actorId;
      return question?.needs ?? (own || asked ? 'steer-own' : 'steer-any');
    }
    case 'approve':
    case 'deny':
    case 'refine':
    case 'deliver':
      return 'decide';
    default:
      return own ? 'steer-own' : 'steer-any';
  }
}

function pause(state: TaskState, { actor }: DecideContext): Decision {
  if (state.status === 'paused') return refuse('not_now', `#${state.number} is paused already.`);
  if (state.pauseRequestedBy !== undefined) {
    const when = waitsForPerson(state) ? 'when what it waits for is decided' : 'after the step under way';
    return refuse('not_now', `#${state.number} pauses ${when}.`);
  }
  if (isFinal(state)) return refuse('not_now', `#${state.number} is ${state.status}; there is nothing to pause.`);
  // What is asked stays asked: it pauses when that is decided.
  if (state.run !== undefined || waitsForPerson(state)) return happens({ type: 'task.pause_requested' });
  const { waitingFor, awaited } = state.because;
  if (waitingFor === 'dependency') {
    const next = `When it is resumed, it waits for ${awaited} again if that is not done by then.`;
    return happens({ type: 'task.paused', reason: `Paused while it waited for ${awaited}`, next });
  }
  const reason = state.startedAt === undefined ? 'Paused before it started' : `Paused by ${actor?.name ?? 'Commander'}`;
  return happens({ type: 'task.paused', reason });
}

function resume(state: TaskState, context: DecideContext): Decision {
  if (state.pauseRequestedBy !== undefined && waitsForPerson(state)) return happens({ type: 'task.pause_withdrawn' });
  if (state.pauseRequestedBy !== undefined) {
    return refuse('not_now', `#${state.number} has not paused yet; it pauses after the step under way.`);
  }
  if (state.status !== 'paused') return refuse('not_now', `#${state.number} is not paused; it is ${state.status}.`);
  const unsettled = unsettledStep(state);
  if (unsettled !== undefined) return happens(asksIfSafeToRepeat(state, unsettled, context));
  const { behind } = state.because;
  if (behind !== undefined) return happens({ type: 'task.blocked', for: 'dependency', ...behind });
  return happens({ type: 'task.queued', reason: `Resumed by ${context.actor?.name ?? 'Commander'}` });
}

function cancel(state: TaskState, { actor }: DecideContext): Decision {
  if (isFinal(state)) return refuse('not_now', `#${state.number} is ${state.status} already.`);
  if (state.cancelRequestedBy !== undefined) {
    return refuse('not_now', `#${state.number} is being cancelled; ${state.cancelRequestedBy.name} asked for it.`);
  }
  if (state.run?.status === 'running') return happens({ type: 'task.cancel_requested' });
  const asked = { ...state, cancelRequestedBy: actor };
  return happens({ type: 'task.cancelled', reason: cancelReason(asked) });
}

/** The work, its plan and what was decided stay; the new agent hears of them. */
function runElsewhere(state: TaskState, agentId: string, { actor }: DecideContext): Decision {
  const step = currentStep(state);
  if (state.because.waitingFor !== 'quota' || step === undefined)
    return refuse('not_now', `#${state.number} does not wait for the limit of a provider.`);
  const to = step.elsewhere?.find(({ id }) => id === agentId);
  if (to === undefined) return refuse('unknown', `#${state.number} can not go on with ${agentId}.`);
  const by = actor?.name ?? 'Commander';
  return happens(
    { type: 'step.handed_over', stepId: step.plan.id, to, reason: `${by} did not want to wait`, atLimit: true },
    { type: 'task.queued', reason: `${by} handed it over to ${to.name}` },
  );
}

function retry(state: TaskState): Decision {
  if (state.status !== 'failed') return refuse('not_now', `#${state.number} has not failed; it is ${state.status}.`);
  if (state.run !== undefined || state.ready !== undefined) {
    return refuse('not_now', `#${state.number} is being reverted right now; please try again when that is done.`);
  }
  return happens({ type: 'task.retried' }, { type: 'task.queued', reason: 'Retried from the step that failed' });
}

function resumeFrom(state: TaskState, n: number): Decision {
  if (state.status !== 'failed') return refuse('not_now', `#${state.number} has not failed; it is ${state.status}.`);
  if (state.run !== undefined || state.ready !== undefined) {
    return refuse('not_now', `#${state.number} is being reverted right now; please try again when that is done.`);
  }
  const checkpoint = resumePoints(state).find((each) => each.n === n);
  if (checkpoint === undefined) return refuse('unknown', `#${state.number} can not go on from checkpoint ${n}.`);
  return happens(
    { type: 'task.resumed_from', checkpoint: n },
    { type: 'task.queued', reason: `Resumed from the checkpoint “${checkpoint.name}”` },
  );
}

/** The agent hears what the checks said and what the person says, and goes on in its folder. */
function review(state: TaskState, note: string, { actor }: DecideContext): Decision {
  const step = toReview(state)?.step;
  if (step === undefined) return refuse('not_now', `#${state.number} has no failed checks that an agent could mend.`);
  const by = actor?.name ?? 'Commander';
  return happens({ type: 'task.retried' }, reviewed(state, { stepId: step.plan.id, by, note }), {
    type: 'task.queued',
    reason: `${by} reviewed it and said what to do`,
  });
}

/** Others find it in their inbox, until somebody takes the task up again. */
function escalate(state: TaskState, note: string): Decision {
  if (state.status !== 'failed') return refuse('not_now', `#${state.number} has not failed; it is ${state.status}.`);
  const open = state.escalations?.find((each) => each.open);
  if (open !== undefined) return refuse('not_now', `${open.by.name} has asked for help with #${state.number} already.`);
  return happens({ type: 'task.escalated', note });
}

function restart(state: TaskState): Decision {
  if (!isFinal(state)) {
    return refuse('not_now', `#${state.number} is ${state.status}. Cancel it first, or wait for its end.`);
  }
  if (state.run !== undefined || state.ready !== undefined) {
    return refuse('not_now', `#${state.number} is being delivered or reverted right now.`);
  }
  return happens({ type: 'task.restarted' }, { type: 'task.queued', reason: 'Waiting for a free worker' });
}
