import { formatDuration } from '#core/text/duration.ts';
import type { StepEnd } from '../runtime.ts';
import { afterTurn } from './after-turn.ts';
import { answerTool } from './answer-tools.ts';
import { answerAsides } from './asides.ts';
import { type Conversation, type ConversationOptions, newConversation } from './conversation.ts';
import { type OpenSession, openSession } from './open-session.ts';
import { orAborted } from './or-aborted.ts';
import { openingPrompt } from './prompt.ts';
import { workHandlers } from './requests.ts';
import { runTurn } from './run-turn.ts';

/** Talks with an agent until the step is done, or its run must end. Rejects when the agent fails or its process ends. */
export async function converse(options: ConversationOptions): Promise<StepEnd> {
  const talk = newConversation(options);
  const session = await openInTime(talk);
  const asides = answerAsides({ ...talk, closes: session.closes });
  try {
    const end = await turns(talk, session);
    if (session.closes && end.type !== 'stopped') await close(talk, session.id);
    return end;
  } finally {
    asides.end();
  }
}

async function turns(talk: Conversation, session: OpenSession): Promise<StepEnd> {
  let prompt = await openingPrompt(talk.step, talk.context, session);
  for (;;) {
    const next = await afterTurn(talk, await runTurn(talk, session.id, prompt));
    if (!Array.isArray(next)) return next;
    prompt = next;
  }
}

/** An agent that is told that it is not needed any more gets this long to put its things away, in milliseconds. */
const closeMs = 1_000;

/** The session itself stays: another process can take it up again. */
async function close({ agent, stop }: Conversation, sessionId: string): Promise<void> {
  const over = AbortSignal.any([stop, AbortSignal.timeout(closeMs)]);
  const options = { cancellationSignal: over, stopWaitingOnCancel: true };
  // Its process is ended in any case.
  await agent.connection.agent.request('session/close', { sessionId }, options).catch(() => {});
}

/** The agent opened no session, and gave no sign of life. */
export class DidNotStart extends Error {
  readonly code = 'agent_did_not_start';
}

/** Opens the session, unless the run is stopped or the agent is silent for too long. */
async function openInTime(talk: Conversation): Promise<OpenSession> {
  const { spec, signs, stop } = talk;
  const silent = new AbortController();
  const wait = () => setTimeout(() => silent.abort(), spec.limits.startMs);
  let timer = wait();
  signs.onSign = () => {
    clearTimeout(timer);
    timer = wait();
  };
  const words = `${spec.name} did not open a session: it gave no sign of life for ${formatDuration(spec.limits.startMs)}. What it said is in Details.`;
  try {
    return await orAborted(open(talk), AbortSignal.any([stop, silent.signal]), () => new DidNotStart(words));
  } finally {
    signs.onSign = () => {};
    clearTimeout(timer);
  }
}

/** The session that this step had before, where there is one and the agent still knows it. */
async function open(talk: Conversation): Promise<OpenSession> {
  const { spec, step, context, agent, show } = talk;
  const handlers = workHandlers(talk);
  talk.tools.answerWith((call) => answerTool(talk, call));
  agent.handleNext(handlers);
  show({ type: 'action', text: `Starting ${spec.name}` });
  const earlier = context.task.steps.find(({ plan }) => plan.id === step.id)?.agent?.session;
  const session = await openSession(agent.connection.agent, {
    spec,
    folder: context.folder,
    mcpServers: [talk.tools.server],
    ...(earlier?.agent === spec.id ? { earlier: earlier.id } : {}),
    onReplay(replaying) {
      talk.replaying = replaying;
    },
  });
  agent.handle(session.id, handlers);
  show({ type: 'agent', stepId: step.id, change: { session: { agent: spec.id, id: session.id } } });
  return session;
}
