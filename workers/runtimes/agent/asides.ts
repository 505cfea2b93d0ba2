import { RequestError } from '@agentclientprotocol/sdk';
import type { AgentSpec } from '#core/agents/settings.ts';
import type { PlannedStep } from '#core/project-file/plan.ts';
import { type Note, revisionOf } from '#core/task/note.ts';
import type { Redactor } from '#core/text/redact.ts';
import { plainText } from '#core/text/sanitise.ts';
import { shorten } from '#core/text/shorten.ts';
import type { RuntimeEvent, StepContext } from '../runtime.ts';
import type { AgentConnection } from './connect.ts';
import { readAside } from './file-requests.ts';
import { bringFiles, fileBlocks } from './given-files.ts';
import { type OpenSession, openingOf } from './open-session.ts';
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
  readonly step: PlannedStep;
  readonly context: StepContext;
  readonly show: (event: RuntimeEvent) => void;
  readonly redactor: Redactor;
  readonly spec: AgentSpec;
  /** Whether the agent can be told that a session is not needed any more. */
  readonly closes: boolean;
  readonly prompts: OpenSession['prompts'];
}

/**
 * Answers what is asked aside (`btw:`) while the work goes on, one after the other: each in a session of its own that may read and do
 * nothing else. What was changed meanwhile is asked anew; what is open when the process ends is asked in the next one.
 */
export function answerAsides(options: AsidesOptions): { end(): void } {
  const { agent, step, context, show, redactor, spec, closes, prompts } = options;
  /** Which words of each were asked. */
  const asked = new Map<string, number>();
  const over = new AbortController();
  let asking: { readonly note: Note; readonly outdated: AbortController } | undefined;

  function waiting(): readonly Note[] {
    return context.talk.now().notes.filter(({ kind }) => kind === 'aside');
  }

  function isOutdated({ id, revision }: Note): boolean {
    return !waiting().some((each) => each.id === id && each.revision === revision);
  }

  function hear(): void {
    if (asking === undefined) void answerAll();
    else if (isOutdated(asking.note)) asking.outdated.abort();
  }

  async function answerAll(): Promise<void> {
    for (let note = next(); note !== undefined && !over.signal.aborted; note = next()) {
      asked.set(note.id, revisionOf(note));
      asking = { note, outdated: new AbortController() };
      await answer(note, AbortSignal.any([over.signal, asking.outdated.signal, agent.connection.signal]));
    }
    asking = undefined;
  }

  function next(): Note | undefined {
    return waiting().find((note) => asked.get(note.id) !== revisionOf(note));
  }

  /** Nothing is answered where the question is no more, or nobody is there to answer it: then it waits. */
  async function answer(note: Note, broken: AbortSignal): Promise<void> {
    const said = await ask(note, broken).catch((error: unknown) => {
      const words = error instanceof Error ? error.message : String(error);
      return `No answer: ${plainText(words, { singleLine: true })}`;
    });
    if (!broken.aborted) show({ type: 'note-taken', noteId: note.id, revision: revisionOf(note), answer: said });
  }

  async function ask(note: Note, broken: AbortSignal): Promise<string> {
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
      onPermission: async ({ options }) => ({ outcome: outcomeOf(options, { is: 'denied', why: '' }) }),
      onElicitation: async () => ({ action: 'decline' }),
      onRead: (request) => readAside({ context, step, redactor }, request),
      async onWrite() {
        throw RequestError.invalidParams(undefined, 'A question aside may not write files');
      },
    });
    await onlyLook(side, sessionId, opened);
    const end = AbortSignal.any([broken, AbortSignal.timeout(patienceMs)]);
    try {
      const files = await fileBlocks(await bringFiles(context, note), prompts);
      await side.request(
        'session/prompt',
        { sessionId, prompt: [...asidePrompt(note, context), ...files] },
        { cancellationSignal: end, stopWaitingOnCancel: true },
      );
    } finally {
      agent.forget(sessionId);
      if (end.aborted) void side.notify('session/cancel', { sessionId }).catch(() => {});
      // An agent that can not close a session keeps it until its process ends.
      if (closes) void side.request('session/close', { sessionId }).catch(() => {});
    }
    return shorten(redactor.redact(plainText(said + clean.end())).trim(), answerLength);
  }

  const deaf = context.talk.onChange(hear);
  hear();
  return {
    end() {
      deaf();
      over.abort();
    },
  };
}
