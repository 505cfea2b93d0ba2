import type { ContentBlock } from '@agentclientprotocol/sdk';
import type { StepEnd } from '../runtime.ts';
import { createAsks } from './asks.ts';
import { goesOnBeyond, overBudget, stoppedAtLimit } from './budget.ts';
import { type Conversation, hasNews, questionsOf } from './conversation.ts';
import { newMail } from './mail.ts';
import type { TurnEnd } from './run-turn.ts';

/** Times that an agent is told to go on when it ran into a limit of its own within one turn. */
const mostContinues = 3;

/** What follows from the end of a turn: how the step ends, or what is said to the agent next, before what people said meanwhile. */
export async function afterTurn(
  talk: Conversation,
  { why, response, said, deaf }: TurnEnd,
): Promise<StepEnd | ContentBlock[]> {
  const { spec } = talk;
  switch (why) {
    case undefined:
      return ended(talk, response?.stopReason, said);
    case 'stop':
      return { type: 'stopped' };
    case 'park':
    case 'pause':
      return { type: 'parked' };
    case 'silent':
      return { type: 'failed', reason: `${spec.name} gave no sign of life any more and was stopped`, transient: true };
    case 'steer':
      return deaf ? unheard(talk) : ifMayUseMore(talk, async () => []);
    case 'budget':
      return deaf ? endAndAsk(talk) : askForMore(talk);
  }
}

async function ended(
  talk: Conversation,
  stopReason: string | undefined,
  said: string,
): Promise<StepEnd | ContentBlock[]> {
  const { spec } = talk;
  switch (stopReason) {
    case 'end_turn':
      return hasNews(talk) ? ifMayUseMore(talk, async () => []) : hearMail(talk);
    case 'max_tokens':
    case 'max_turn_requests':
      talk.continues += 1;
      if (talk.continues > mostContinues) return stuck(`${spec.name} ran into its own limit ${talk.continues} times`);
      return ifMayUseMore(talk, async () => [
        { type: 'text', text: 'You were stopped by a limit of one turn. Go on with the task.' },
      ]);
    case 'refusal':
      return stuck(`${spec.name} refuses to do this${said === '' ? '' : `: ${said}`}`);
    default:
      return failed(`${spec.name} broke off its work by itself`);
  }
}

/** What was written to it while it worked it hears before it is done. */
async function hearMail(talk: Conversation): Promise<StepEnd | ContentBlock[]> {
  const mail = await newMail(talk);
  if (mail.length === 0) return { type: 'done' };
  return ifMayUseMore(talk, async () => [
    ...mail,
    { type: 'text', text: 'Mind it where it concerns your task, then end with your short summary.' },
  ]);
}

/** Another turn begins only within the limits: a person is asked before. */
async function ifMayUseMore(talk: Conversation, say: () => Promise<ContentBlock[]>): Promise<StepEnd | ContentBlock[]> {
  const allowed = await askForMore(talk);
  return Array.isArray(allowed) ? say() : allowed;
}

/** Its process is ended, and another one goes on in its session: what was said to it waits until then. */
function unheard({ spec }: Conversation): StepEnd {
  return {
    type: 'failed',
    reason: `${spec.name} did not listen when somebody spoke, and was started anew`,
    transient: true,
  };
}

export const goOn = { type: 'text', text: 'Go on with the task.' } as const satisfies ContentBlock;

/** One that goes on though it was told to end its turn uses more for as long as its process lives; the answer begins another one. */
async function endAndAsk(talk: Conversation): Promise<StepEnd> {
  await talk.endProcess();
  const allowed = await askForMore(talk, 0);
  return Array.isArray(allowed) ? { type: 'parked' } : allowed;
}

/** Asks a person whether more may be used, where a limit is reached; parked like every wait when nobody answers soon. */
export async function askForMore(
  talk: Conversation,
  warmMs = talk.spec.limits.warmMs,
): Promise<StepEnd | ContentBlock[]> {
  const { context, stop, step, show } = talk;
  const over = overBudget(talk, questionsOf(talk));
  if (over === undefined) return [goOn];
  const ending = AbortSignal.any([stop, AbortSignal.timeout(warmMs)]);
  const asks = createAsks({ talk: context.talk, report: show, onWaiting: () => {}, over: ending });
  const answer = await asks.question({ type: 'asks-question', stepId: step.id, ...over }, new AbortController().signal);
  if (answer === undefined) return stop.aborted ? { type: 'stopped' } : { type: 'parked' };
  return goesOnBeyond(answer) ? [goOn] : stoppedAtLimit(answer);
}

function failed(reason: string): StepEnd {
  return { type: 'failed', reason, transient: false };
}

/** Another agent may get further. */
function stuck(reason: string): StepEnd {
  return { type: 'failed', reason, transient: false, stuck: true };
}
