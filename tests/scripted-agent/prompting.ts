import type { AgentContext, ClientCapabilities, ContentBlock, StopReason } from '@agentclientprotocol/sdk';
import { RequestError } from '@agentclientprotocol/sdk';
import { prettifyError, ZodError } from 'zod';
import { performers } from './performers.ts';
import { findScript, type Step } from './script.ts';
import type { Session, SessionStore } from './sessions.ts';
import type { Behaviour, Settings } from './settings.ts';
import { performSteps, type Turn } from './turn.ts';

/** One session/prompt. */
export interface Prompt {
  readonly session: Session;
  readonly blocks: readonly ContentBlock[];
  readonly client: AgentContext;
  readonly clientCan: ClientCapabilities;
  /** Aborted by a `$/cancel_request` of this prompt. */
  readonly signal: AbortSignal;
}

/**
 * Performs the script of a prompt, after the turns before it, and says why it stopped.
 * @throws {RequestError} -32602 for content that was not offered or a script with a mistake; -32600 while busy, when the
 * agent refuses then; -32800 when the request itself was cancelled; what an `error` step says
 */
export async function answerPrompt(prompt: Prompt, settings: Settings, store: SessionStore): Promise<StopReason> {
  const { session, blocks, signal } = prompt;
  const { behaviour } = settings;
  checkContent(blocks, behaviour);
  const steps = scriptOf(blocks, settings.script);
  if (session.turns.length > 0 && behaviour.whileBusy === 'refuse')
    throw RequestError.invalidRequest(undefined, 'A turn is running: cancel it or wait for its end');
  for (const running of session.turns) running.steer();
  for (const content of blocks) store.append(session.id, { sessionUpdate: 'user_message_chunk', content });

  const cancellation = new AbortController();
  const steering = Promise.withResolvers<void>();
  const cancel = () => {
    cancellation.abort();
    steering.resolve();
  };
  // Both can come in one piece of input: then the request is cancelled before anybody listens.
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel);
  const handle = { cancel, steer: () => steering.resolve() };
  session.turns.push(handle);
  const turn = createTurn(prompt, behaviour, store, cancellation.signal, steering.promise);
  const work = session.turn.then(() => turn.perform(steps));
  // The next turn starts however this one ended; who waits for this one hears of its error.
  session.turn = work.catch(() => {});
  try {
    const ending = await work;
    if (signal.aborted) throw RequestError.requestCancelled();
    return ending ?? 'end_turn';
  } finally {
    session.turns.splice(session.turns.indexOf(handle), 1);
  }
}

function createTurn(
  { session, client, clientCan }: Prompt,
  behaviour: Behaviour,
  store: SessionStore,
  cancelled: AbortSignal,
  steered: Promise<unknown>,
): Turn {
  let count = 0;
  const turn: Turn = {
    session,
    client,
    clientCan,
    behaviour,
    cancelled,
    steered,
    async update(update) {
      store.append(session.id, update);
      await client.notify('session/update', { sessionId: session.id, update });
    },
    nextId(kind) {
      count += 1;
      return `${kind}-${count}`;
    },
    perform: (steps) => performSteps(steps, turn, performers),
  };
  return turn;
}

function checkContent(blocks: readonly ContentBlock[], { capabilities }: Behaviour): void {
  const needed = { image: 'image', audio: 'audio', resource: 'embedded', text: undefined, resource_link: undefined };
  for (const { type } of blocks) {
    const capability = needed[type];
    if (capability !== undefined && !capabilities.some((offered) => offered === capability))
      throw RequestError.invalidParams(undefined, `Content of type ${type} was not offered by this agent`);
  }
}

function scriptOf(blocks: readonly ContentBlock[], otherwise: readonly Step[]): readonly Step[] {
  const text = blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
  try {
    return findScript(text) ?? otherwise;
  } catch (error) {
    const reason = error instanceof ZodError ? prettifyError(error) : String(error);
    throw RequestError.invalidParams(undefined, `The script of the prompt has a mistake: ${reason}`);
  }
}
