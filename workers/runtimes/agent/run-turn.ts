import { setImmediate as turnOver } from 'node:timers/promises';
import type { ContentBlock, PromptResponse } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import type { AgentSpent } from '#core/task/agent-work.ts';
import { createAsks } from './asks.ts';
import { overBudget } from './budget.ts';
import { type Conversation, hasNews, questionsOf } from './conversation.ts';
import { orAborted } from './or-aborted.ts';
import { type Interruption, watchTurn } from './turn.ts';

/** How a turn ended: broken off by us (`why`), or as the agent says. */
export interface TurnEnd {
  readonly why?: Interruption | undefined;
  readonly response?: PromptResponse | undefined;
  /** It was told to end its turn and did not: nothing more can be said to this process. */
  readonly deaf?: true;
  /** What the agent said at its end. */
  readonly said: string;
}

/** An agent that does not end its turn when it is told to is given up after this, in milliseconds; before, where it may not be silent so long. */
const cancelGraceMs = 5_000;

/** One prompt and all that follows from it. Rejects when the agent fails. */
export async function runTurn(talk: Conversation, sessionId: string, prompt: ContentBlock[]): Promise<TurnEnd> {
  const { spec, context, agent, signs, show, stop, step, updates, meter } = talk;
  const side = agent.connection.agent;
  const givenUp = new AbortController();
  const watch = watchTurn({
    stepId: step.id,
    limits: spec.limits,
    talk: context.talk,
    stop,
    show,
    steered: () => hasNews(talk),
    report: updates.used,
    spent: () => overBudget(talk, questionsOf(talk), before(meter.now())) !== undefined,
    spending: context.spending,
    onInterrupt() {
      side.notify('session/cancel', { sessionId }).catch(() => givenUp.abort());
      setTimeout(() => givenUp.abort(), Math.min(cancelGraceMs, spec.limits.silenceMs)).unref();
    },
  });
  talk.watch = watch;
  const onWaiting = (waiting: boolean) => {
    // Between turns its clock stands still, whatever is still awaited.
    if (!watch.over.aborted) meter.working(!waiting);
    watch.waiting(waiting);
  };
  talk.asks = createAsks({ talk: context.talk, report: show, onWaiting, onLeft: watch.park, over: watch.over });
  meter.turn();
  meter.working(true);
  updates.used();
  signs.onSign = watch.alive;
  let response: PromptResponse | undefined;
  try {
    if (!watch.over.aborted) {
      const turn = side.request('session/prompt', { sessionId, prompt });
      response = await orAborted(turn, givenUp.signal, () => new Error('The agent did not end its turn.'));
      watch.alive();
    }
  } catch (error) {
    // What broke off because we broke it off is no failure of the agent.
    if (watch.why === undefined) throw error;
  } finally {
    // What the agent told before its answer has arrived, and may not have been looked at yet.
    await turnOver();
    updates.flush();
    watch.end();
    meter.working(false);
  }
  meter.tokens(tokensOf(response));
  updates.used();
  const said = updates.endTurn();
  if (said !== '') show({ type: 'agent', stepId: step.id, change: { said } });
  return {
    why: watch.why,
    response,
    said,
    ...(givenUp.signal.aborted && response === undefined ? { deaf: true } : {}),
  };
}

/** The turn that is under way was allowed when it began; what it uses besides counts. */
function before(spent: AgentSpent): AgentSpent {
  return { ...spent, turns: spent.turns - 1 };
}

const usage = z.object({ usage: z.object({ totalTokens: z.number().nonnegative() }) });

/** What a turn used, as far as the agent says it: a part of the protocol that is not stable yet. */
function tokensOf(response: PromptResponse | undefined): number {
  const said = usage.safeParse(response);
  return said.success ? said.data.usage.totalTokens : 0;
}
