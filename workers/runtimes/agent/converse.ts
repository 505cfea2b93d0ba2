import type { ContentBlock, PromptResponse } from '@agentclientprotocol/sdk';
import type { AgentSpec } from '#core/agents/settings.ts';
import type { PlannedStep } from '#core/project-file/plan.ts';
import type { RuntimeEvent, StepContext, StepEnd } from '../runtime.ts';
import { answerAsides } from './asides.ts';
import { type Asks, createAsks } from './asks.ts';
import { budgetOptions, overBudget } from './budget.ts';
import type { AgentConnection, SessionHandlers } from './connect.ts';
import { elicit } from './elicit.ts';
import { type OpenSession, openSession } from './open-session.ts';
import { givenBefore, outcomeOf, readWish } from './permission.ts';
import { openingPrompt, steeringPrompt } from './prompt.ts';
import { type TurnWatch, watchTurn } from './turn.ts';
import { createUpdates } from './updates.ts';

export interface Conversation {
  readonly step: PlannedStep;
  readonly context: StepContext;
  readonly agent: AgentConnection;
  /** Where the connection reports signs of life. */
  readonly signs: { onSign: () => void };
  readonly show: (event: RuntimeEvent) => void;
  readonly stop: AbortSignal;
}

/** An agent that does not end its turn when it is told to is given up after this, in milliseconds. */
const cancelGraceMs = 5_000;

/** Times that an agent is told to go on when it ran into a limit of its own within one turn. */
const mostContinues = 3;

/** Talks with an agent until the step is done, or its run must end. Rejects when the agent fails or its process ends. */
export async function converse(spec: AgentSpec, conversation: Conversation): Promise<StepEnd> {
  const { step, context, agent, signs, show, stop } = conversation;
  const { connection } = agent;
  const updates = createUpdates({ folder: context.folder, stepId: step.id, show });
  const usedApprovals = new Set<string>();
  const started = performance.now();
  let replaying = false;
  let turns = 0;
  let continues = 0;
  let watch: TurnWatch | undefined;
  let asks: Asks | undefined;

  const earlier = context.task.steps.find(({ plan }) => plan.id === step.id)?.agent?.session;
  agent.handleNext(handlers());
  show({ type: 'action', text: `Starting ${spec.name}` });
  const session = await openSession(connection.agent, {
    spec,
    folder: context.folder,
    mcpServers: [],
    ...(earlier?.agent === spec.id ? { earlier: earlier.id } : {}),
    onReplay: (now) => {
      replaying = now;
    },
  });
  agent.handle(session.id, handlers());
  show({ type: 'agent', stepId: step.id, change: { session: { agent: spec.id, id: session.id } } });
  const asides = answerAsides({ agent, context, show });

  try {
    let prompt = await openingPrompt(step, context, session);
    for (;;) {
      const next = await turn(session, prompt);
      if (!Array.isArray(next)) return next;
      prompt = next;
    }
  } finally {
    asides.end();
  }

  /** One prompt and all that follows from it: how the step ends, or what is said next. */
  async function turn(open: OpenSession, prompt: ContentBlock[]): Promise<StepEnd | ContentBlock[]> {
    const failing = new AbortController();
    const mine = watchTurn({
      limits: spec.limits,
      talk: context.talk,
      stop,
      show,
      spent: () => overBudget(spec.name, spec.limits, used(), questions()) !== undefined,
      onInterrupt: () => void cancel(open, failing),
    });
    watch = mine;
    signs.onSign = mine.alive;
    asks = createAsks({ talk: context.talk, report: show, onWaiting: mine.waiting, over: mine.over });
    turns += 1;
    let response: PromptResponse | undefined;
    try {
      if (!mine.over.aborted)
        response = await orGivenUp(
          connection.agent.request('session/prompt', { sessionId: open.id, prompt }),
          failing.signal,
        );
    } catch (error) {
      // What broke off because we broke it off is no failure of the agent.
      if (mine.why === undefined) throw error;
    } finally {
      mine.end();
    }
    const said = updates.endTurn();
    if (said !== '') show({ type: 'agent', stepId: step.id, change: { said } });
    return mine.why === undefined ? ended(response, said) : interrupted(mine.why);
  }

  function cancel(open: OpenSession, failing: AbortController): void {
    connection.agent.notify('session/cancel', { sessionId: open.id }).catch(() => failing.abort());
    setTimeout(() => failing.abort(), cancelGraceMs).unref();
  }

  async function interrupted(why: NonNullable<TurnWatch['why']>): Promise<StepEnd | ContentBlock[]> {
    switch (why) {
      case 'stop':
        return { type: 'stopped' };
      case 'park':
      case 'pause':
        return { type: 'parked' };
      case 'silent':
        return {
          type: 'failed',
          reason: `${spec.name} gave no sign of life any more and was stopped`,
          transient: true,
        };
      case 'steer':
        return steer();
      case 'budget':
        return askForMore();
    }
  }

  async function ended(response: PromptResponse | undefined, said: string): Promise<StepEnd | ContentBlock[]> {
    const waiting = context.talk.now().notes.some(({ kind }) => kind === 'steer');
    switch (response?.stopReason) {
      case 'end_turn':
        return waiting ? steer() : { type: 'done' };
      case 'max_tokens':
      case 'max_turn_requests':
        continues += 1;
        if (continues > mostContinues) return failed(`${spec.name} ran into its own limit ${continues} times`);
        return [{ type: 'text', text: 'You were stopped by a limit of one turn. Go on with the task.' }];
      case 'refusal':
        return failed(`${spec.name} refuses to do this${said === '' ? '' : `: ${said}`}`);
      default:
        return failed(`${spec.name} broke off its work by itself`);
    }
  }

  function steer(): ContentBlock[] {
    const notes = context.talk.now().notes.filter(({ kind }) => kind === 'steer');
    for (const { id } of notes) show({ type: 'note-taken', noteId: id });
    return steeringPrompt(notes);
  }

  async function askForMore(): Promise<StepEnd | ContentBlock[]> {
    const text = overBudget(spec.name, spec.limits, used(), questions()) ?? '';
    const over = new AbortController();
    const halt = () => over.abort();
    stop.addEventListener('abort', halt, { once: true });
    const warm = setTimeout(halt, spec.limits.warmMs);
    const waiting = createAsks({ talk: context.talk, report: show, onWaiting: () => {}, over: over.signal });
    const asked = { type: 'asks-question', stepId: step.id, text, options: budgetOptions } as const;
    const answer = await waiting.question(asked, new AbortController().signal);
    clearTimeout(warm);
    stop.removeEventListener('abort', halt);
    if (answer === undefined) return stop.aborted ? { type: 'stopped' } : { type: 'parked' };
    return answer.answer === budgetOptions[0].label
      ? [{ type: 'text', text: 'Go on with the task.' }]
      : failed(`Stopped at its limit by ${answer.answeredBy?.name ?? 'somebody'}`);
  }

  function used() {
    const usage = context.task.steps.find(({ plan }) => plan.id === step.id)?.agent?.usage;
    return { turns, timeMs: performance.now() - started, usage: updates.usage() ?? usage };
  }

  function questions() {
    return context.talk.now().questions.filter(({ about }) => about.kind === 'agent' && about.stepId === step.id);
  }

  function handlers(): SessionHandlers {
    return {
      writes: true,
      onUpdate(update) {
        if (!replaying) updates.take(update);
      },
      async onPermission({ toolCall, options }, signal) {
        const wish = readWish(updates.calls.merge(toolCall), step, context);
        const { decision, reason } = wish.verdict;
        if (decision !== 'ask') {
          if (decision === 'deny') show({ type: 'action', text: `Refused: ${wish.ask.title}, for ${reason}` });
          return { outcome: outcomeOf(options, decision === 'allow') };
        }
        const before = givenBefore(context.talk.now().approvals, wish.ask.hash, usedApprovals);
        if (before !== undefined) usedApprovals.add(before.id);
        const decided = before ?? (await asks?.permission(wish.ask, signal));
        if (decided === undefined || watch?.over.aborted) return { outcome: { outcome: 'cancelled' } };
        return { outcome: outcomeOf(options, decided.status === 'approved') };
      },
      onElicitation: (request, signal) =>
        elicit(request, (text, answers) => {
          const question = { type: 'asks-question', stepId: step.id, text, options: answers } as const;
          return asks?.question(question, signal) ?? Promise.resolve(undefined);
        }),
    };
  }
}

function failed(reason: string): StepEnd {
  return { type: 'failed', reason, transient: false };
}

/** The agent did not end its turn though it was told to. */
class DidNotEnd extends Error {
  readonly code = 'agent_did_not_end';
}

function orGivenUp<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const givenUp = new Promise<never>((_, reject) => {
    signal.addEventListener(
      'abort',
      () => reject(new DidNotEnd('The agent did not end its turn when it was told to.')),
      { once: true },
    );
  });
  return Promise.race([promise, givenUp]);
}
