import type { AgentSpec } from '#core/agents/settings.ts';
import type { Note } from '#core/task/note.ts';
import type { Redactor } from '#core/text/redact.ts';
import { plainText } from '#core/text/sanitise.ts';
import { shorten } from '#core/text/shorten.ts';
import type { RuntimeEvent, StepContext } from '../runtime.ts';
import type { AgentConnection } from './connect.ts';
import { openingOf } from './open-session.ts';
import { outcomeOf } from './permission.ts';
import { asidePrompt } from './prompt.ts';
import { onlyLook } from './session-options.ts';

/** Of an answer to a question that was asked aside. */
const answerLength = 1_500;
/** Of what the agent says meanwhile, in characters. */
const mostKept = 8 * answerLength;
/** A question aside that takes longer is none; milliseconds. */
const patienceMs = 5 * 60_000;

export interface AsidesOptions {
  readonly agent: AgentConnection;
  readonly context: StepContext;
  readonly show: (event: RuntimeEvent) => void;
  readonly redactor: Redactor;
  readonly spec: AgentSpec;
  /** Whether the agent can be told that a session is not needed any more. */
  readonly closes: boolean;
}

/** Answers what is asked aside (`btw:`) while the work goes on: in a session of its own that may read and do nothing else. */
export function answerAsides({ agent, context, show, redactor, spec, closes }: AsidesOptions): { end(): void } {
  const taken = new Set<string>();
  let before: Promise<void> = Promise.resolve();

  function hear(): void {
    for (const note of context.talk.now().notes) {
      if (note.kind !== 'aside' || taken.has(note.id)) continue;
      taken.add(note.id);
      before = before.then(() => answer(note));
    }
  }

  async function answer(note: Note): Promise<void> {
    try {
      show({ type: 'note-taken', noteId: note.id, answer: await ask(note) });
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      show({ type: 'note-taken', noteId: note.id, answer: `No answer: ${plainText(words, { singleLine: true })}` });
    }
  }

  async function ask(note: Note): Promise<string> {
    const { agent: side } = agent.connection;
    const opened = await side.request('session/new', openingOf(spec, { folder: context.folder, mcpServers: [] }));
    const { sessionId } = opened;
    let said = '';
    const clean = redactor.stream();
    agent.handle(sessionId, {
      isWork: false,
      onUpdate(update) {
        if (update.sessionUpdate === 'agent_message_chunk' && update.content.type === 'text')
          said = (said + clean.push(update.content.text)).slice(-mostKept);
      },
      onPermission: async ({ options }) => ({ outcome: outcomeOf(options, false) }),
      onElicitation: async () => ({ action: 'decline' }),
    });
    await onlyLook(side, sessionId, opened);
    const late = { cancellationSignal: AbortSignal.timeout(patienceMs), stopWaitingOnCancel: true };
    try {
      await side.request('session/prompt', { sessionId, prompt: asidePrompt(note, context) }, late);
    } finally {
      agent.forget(sessionId);
      // An agent that can not close a session keeps it until its process ends.
      if (closes) void side.request('session/close', { sessionId }).catch(() => {});
    }
    return shorten(redactor.redact(plainText(said + clean.end())).trim(), answerLength);
  }

  const deaf = context.talk.onChange(hear);
  hear();
  return { end: deaf };
}
