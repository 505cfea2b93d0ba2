import { randomUUID } from 'node:crypto';
import type { Talk } from '#core/run/run.ts';
import type { Approval, Question } from '#core/task/asked.ts';
import { callerLeft } from '../../agents/mcp/listen.ts';
import type { AgentReport, StepContext } from '../runtime.ts';
import { takeTurns } from './take-turns.ts';
import { endedByAgent } from './turn.ts';

type AskReport = Extract<AgentReport, { readonly type: 'asks-permission' | 'asks-question' }>;
/** What is asked, without its id. */
export type Ask = { [Type in AskReport['type']]: Omit<Extract<AskReport, { type: Type }>, 'askId'> }[AskReport['type']];

export type PermissionAsk = Ask & { readonly type: 'asks-permission' };

/** What people are asked by one agent: one thing after the other, for a thread shows one at a time. */
export interface Asks {
  /**
   * What was decided; `undefined` when nobody waited for that any more. What the agent itself gave up is withdrawn, unless it was
   * asked by a tool (`callerLeft`): there agents wait as long as they wait for any tool, a minute (the SDK's default), and a person
   * may take hours.
   */
  permission(ask: PermissionAsk, agentGaveUp: AbortSignal): Promise<Approval | undefined>;
  question(ask: Ask & { type: 'asks-question' }, agentGaveUp: AbortSignal): Promise<Question | undefined>;
}

export interface AsksOptions {
  readonly talk: StepContext['talk'];
  readonly report: (report: AgentReport) => void;
  /** Called when a person is awaited, and with false when no longer. */
  readonly onWaiting: (waiting: boolean) => void;
  /** Called when a tool that asks is left by its agent: the turn is to be broken off, and the answer is another run's. Absent where none asks. */
  readonly onLeft?: () => void;
  /** Aborts when nobody waits for an answer any more. What is asked stays open for a later run, unless its reason is `endedByAgent`. */
  readonly over: AbortSignal;
}

export function createAsks({ talk, report, onWaiting, onLeft, over }: AsksOptions): Asks {
  const inTurn = takeTurns();

  async function ask<Decided extends { readonly status: string }>(
    what: Ask,
    find: (talk: Talk, id: string) => Decided | undefined,
    agentGaveUp: AbortSignal,
  ): Promise<Decided | undefined> {
    const given = AbortSignal.any([over, agentGaveUp]);
    if (given.aborted) return undefined;
    const askId = randomUUID();
    report({ ...what, askId } as AskReport);
    onWaiting(true);
    const left = () => agentGaveUp.reason === callerLeft && onLeft?.();
    agentGaveUp.addEventListener('abort', left, { once: true });
    const decided = await when(talk, given, (now) => {
      const found = find(now, askId);
      return found?.status === 'open' ? undefined : found;
    });
    agentGaveUp.removeEventListener('abort', left);
    onWaiting(false);
    const isGivenUp = over.aborted ? over.reason === endedByAgent : agentGaveUp.aborted;
    if (decided === undefined && isGivenUp) report({ type: 'ask-withdrawn', askId });
    return decided;
  }

  return {
    permission: (what, gaveUp) =>
      inTurn(() => ask(what, ({ approvals }, id) => approvals.find((each) => each.id === id), gaveUp)),
    question: (what, gaveUp) =>
      inTurn(() => ask(what, ({ questions }, id) => questions.find((each) => each.id === id), gaveUp)),
  };
}

/** Resolves with what `look` finds in what is said, as soon as it finds something; with nothing when the signal aborts. */
function when<T>(
  talk: StepContext['talk'],
  signal: AbortSignal,
  look: (now: Talk) => T | undefined,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    const settle = (value: T | undefined) => {
      stop();
      signal.removeEventListener('abort', giveUp);
      resolve(value);
    };
    const giveUp = () => settle(undefined);
    const check = () => {
      const found = look(talk.now());
      if (found !== undefined) settle(found);
    };
    const stop = talk.onChange(check);
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    else check();
  });
}
