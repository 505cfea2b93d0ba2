import { type ContentBlock, RequestError } from '@agentclientprotocol/sdk';
import { mayBeOfSession } from '#core/agents/session-error.ts';
import { formatDuration } from '#core/text/duration.ts';
import type { StepEnd } from '../runtime.ts';
import { afterTurn, askForMore, goOn } from './after-turn.ts';
import { answerTool } from './answer-tools.ts';
import { answerAsides } from './asides.ts';
import { type Conversation, type ConversationOptions, newConversation } from './conversation.ts';
import { newMail } from './mail.ts';
import { type OpenSession, openSession } from './open-session.ts';
import { orAborted } from './or-aborted.ts';
import { openingPrompt } from './prompt.ts';
import { workHandlers } from './requests.ts';
import { runTurn, type TurnEnd } from './run-turn.ts';
import { takeUpSteering } from './steering.ts';

/** Talks with an agent until the step is done, or its run must end. Rejects when the agent fails or its process ends. */
export async function converse(options: ConversationOptions): Promise<StepEnd> {
  const talk = newConversation(options);
  const opened = await openInTime(talk, open(talk));
  const asides = answerAsides({ ...talk, ...opened });
  try {
    const allowed = await askForMore(talk);
    if (!Array.isArray(allowed)) return allowed;
    const { session, turn } = await firstTurn(talk, opened);
    const end = await turns(talk, session, turn);
    if (session.closes && end.type !== 'stopped') await close(talk, session.id);
    return end;
  } finally {
    asides.end();
  }
}

async function turns(talk: Conversation, session: OpenSession, first: TurnEnd): Promise<StepEnd> {
  let turn = first;
  for (;;) {
    const next = await afterTurn(talk, turn);
    if (!Array.isArray(next)) return next;
    const prompt = [...next, ...(await takeUpSteering(talk, session.prompts))];
    turn = await hear(talk, session.id, prompt.length === 0 ? [goOn] : prompt);
  }
}

/** A turn, and what of the mailbox the session has heard by then: when its process dies in the middle it hears that again. */
async function hear(talk: Conversation, sessionId: string, prompt: ContentBlock[]): Promise<TurnEnd> {
  const turn = await runTurn(talk, sessionId, prompt);
  if (talk.mailHeard !== talk.mailNoted) noteSession(talk, sessionId);
  return turn;
}

interface FirstTurn {
  readonly session: OpenSession;
  readonly turn: TurnEnd;
}

/**
 * The first prompt of a step. What a session remembers may be what the provider refuses: a process that was ended in the middle of a
 * tool call can leave one without its result. So one that was taken up and fails at once is given up for a new one with a hand-over, once.
 */
async function firstTurn(talk: Conversation, session: OpenSession): Promise<FirstTurn> {
  const steering: ContentBlock[] = [];
  const begin = async (on: OpenSession): Promise<FirstTurn> => {
    const prompt = [...(await openingPrompt(talk, on)), ...(await newMail(talk))];
    steering.push(...(await takeUpSteering(talk, on.prompts)));
    return { session: on, turn: await hear(talk, on.id, [...prompt, ...steering]) };
  };
  const heard = talk.mailHeard;
  try {
    return await begin(session);
  } catch (error) {
    const { anew } = session;
    if (anew === undefined || !(error instanceof RequestError) || !mayBeOfSession(error)) throw error;
    const { spec, show } = talk;
    show({
      type: 'action',
      text: `${spec.name} can not go on in its session: it goes on in a new one, with a hand-over`,
    });
    const fresh = await openInTime(talk, anew());
    talk.mailHeard = 0;
    takeUp(talk, fresh.id);
    try {
      return await begin(fresh);
    } catch (again) {
      // It was not for the session: a later run may still find it of use.
      talk.mailHeard = heard;
      takeUp(talk, session.id);
      throw again;
    }
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
async function openInTime(talk: Conversation, opening: Promise<OpenSession>): Promise<OpenSession> {
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
    return await orAborted(opening, AbortSignal.any([stop, silent.signal]), () => new DidNotStart(words));
  } finally {
    signs.onSign = () => {};
    clearTimeout(timer);
  }
}

/** The session that this step had before, where there is one and the agent still knows it. */
async function open(talk: Conversation): Promise<OpenSession> {
  const { spec, step, context, agent, show } = talk;
  talk.tools.answerWith((call, givenUp) => answerTool(talk, call, givenUp));
  agent.handleNext(workHandlers(talk));
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
  talk.mailHeard = session.how === 'resumed' ? (earlier?.mail ?? 0) : 0;
  takeUp(talk, session.id);
  return session;
}

/** What comes in this session is of the work, and a later run takes it up. */
function takeUp(talk: Conversation, id: string): void {
  talk.agent.handle(id, workHandlers(talk, id));
  noteSession(talk, id);
}

function noteSession(talk: Conversation, id: string): void {
  const { spec, step, show, mailHeard } = talk;
  const mail = mailHeard === 0 ? {} : { mail: mailHeard };
  talk.mailNoted = mailHeard;
  show({ type: 'agent', stepId: step.id, change: { session: { agent: spec.id, id, ...mail } } });
}
