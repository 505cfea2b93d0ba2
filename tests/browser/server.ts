import { serve } from '@hono/node-server';
import type { ChatAdapter, ChatHost, IncomingMessage, InteractionReply, Suggestion } from '#core/chat/adapter.ts';
import { quietHost } from '#tests/chat/quiet-host.ts';

/** What the bot answers in a browser test; a test replaces what it needs. */
export interface Bot {
  press(action: string): InteractionReply | Promise<InteractionReply>;
  submit(modalId: string, values: Readonly<Record<string, string>>): InteractionReply;
  suggest(words: string): readonly Suggestion[];
  /** What it was told so far. */
  readonly told: IncomingMessage[];
}

/** What goes wrong between page and server. */
export interface Faults {
  /** The API answers like a proxy whose server is gone. */
  down: boolean;
  /** The next request whose path fits is carried out, but its answer is lost. */
  loseAnswerOf: RegExp | undefined;
  /** Breaks all event streams. */
  cutStreams(): void;
}

export interface ChatServer {
  readonly url: string;
  readonly bot: Bot;
  readonly faults: Faults;
  stop(): Promise<void>;
}

/** Serves the real web adapter on a free port, with a scripted bot behind it and faults before it. */
export async function serveChat(adapter: ChatAdapter): Promise<ChatServer> {
  const bot: Bot = { press: () => ({ kind: 'done' }), submit: () => ({ kind: 'done' }), suggest: () => [], told: [] };
  await adapter.start(hostOf(bot));
  const streams = new Set<() => void>();
  const faults: Faults = {
    down: false,
    loseAnswerOf: undefined,
    cutStreams: () => {
      for (const cut of streams) cut();
      streams.clear();
    },
  };
  const answer = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (faults.down && pathname.startsWith('/api/')) return new Response('down', { status: 503 });
    const response = (await adapter.handle?.(request)) ?? new Response('Not a page of the chat.', { status: 404 });
    if (faults.loseAnswerOf?.test(pathname)) {
      faults.loseAnswerOf = undefined;
      return new Response('lost', { status: 502 });
    }
    return pathname === '/api/chat/events' ? cuttable(response, streams) : response;
  };
  const server = serve({ fetch: answer, port: 0, hostname: '127.0.0.1' });
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The chat got no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    bot,
    faults,
    stop: async () => {
      faults.cutStreams();
      await adapter.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}

function hostOf(bot: Bot): ChatHost {
  return {
    ...quietHost,
    accept: async (message) => {
      bot.told.push(message);
      return { new: true };
    },
    follows: async () => true,
    press: async ({ action }) => bot.press(action),
    submit: async ({ modalId, values }) => bot.submit(modalId, values),
    suggest: async (words) => bot.suggest(words),
  };
}

/** The same answer, with a body that can be ended from outside, as a server that goes away ends it. */
function cuttable(response: Response, streams: Set<() => void>): Response {
  const reader = response.body?.getReader();
  if (reader === undefined) return response;
  streams.add(() => void reader.cancel());
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => reader.cancel(),
  });
  return new Response(body, response);
}
