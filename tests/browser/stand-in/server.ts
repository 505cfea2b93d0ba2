import { serve } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { streamSSE } from 'hono/streaming';
import type { InteractionReply, Suggestion } from '#core/chat/adapter.ts';
import type { ChatPerson } from '#core/chat/chat-store.ts';
import { ChatMemory } from './memory.ts';
import { asset, policy, shell } from './shell.ts';

/** A chat server of its own for browser tests: real HTTP and events, a scripted bot, and faults on demand. */
export interface StandIn {
  readonly url: string;
  readonly memory: ChatMemory;
  readonly bot: Bot;
  readonly faults: Faults;
  /** Each write that arrived, as `<method> <path>`, with its body. */
  readonly writes: { readonly request: string; readonly body: unknown }[];
  stop(): Promise<void>;
}

/** What the bot answers; a test replaces what it needs. */
interface Bot {
  press: (action: string, messageId: string) => InteractionReply | Promise<InteractionReply>;
  submit: (modalId: string, values: Record<string, string>, messageId: string) => InteractionReply;
  suggest: (words: string) => readonly Suggestion[];
}

interface Faults {
  /** Every request but assets fails as if the server were gone; open streams are cut. */
  down: boolean;
  cutStreams(): void;
  /** The next matching write is carried out, but its answer is lost. */
  loseAnswerOf: RegExp | undefined;
}

export async function startStandIn(port = 0): Promise<StandIn> {
  const memory = new ChatMemory();
  const bot: Bot = { press: () => ({ kind: 'done' }), submit: () => ({ kind: 'done' }), suggest: () => [] };
  const streams = new Set<() => void>();
  const faults: Faults = {
    down: false,
    loseAnswerOf: undefined,
    cutStreams: () => streams.forEach((cut) => void cut()),
  };
  const writes: StandIn['writes'] = [];
  const app = new Hono();
  app.use(async (context, next) => {
    if (faults.down && context.req.path.startsWith('/api/')) return context.text('down', 503);
    if (context.req.method === 'POST' && !context.req.path.endsWith('/files')) {
      writes.push({ request: `POST ${context.req.path}`, body: await context.req.json() });
    }
    await next();
    if (context.req.method === 'POST' && faults.loseAnswerOf?.test(context.req.path)) {
      faults.loseAnswerOf = undefined;
      context.res = new Response('lost', { status: 502 });
    }
  });
  addReads(app, memory, bot);
  addWrites(app, memory, bot);
  addEvents(app, memory, streams);
  addPages(app);
  const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The stand-in got no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    memory,
    bot,
    faults,
    writes,
    stop: async () => {
      faults.cutStreams();
      const closed = new Promise((resolve) => server.close(resolve));
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}

function addPages(app: Hono): void {
  app.get('/assets/*', async (context) => {
    const found = await asset(decodeURIComponent(context.req.path.slice('/assets/'.length)));
    if (found === undefined) return context.text('no such asset', 404);
    return context.body(found.body, 200, { 'content-type': found.type, 'x-content-type-options': 'nosniff' });
  });
  const page = (context: Context) => context.html(shell, 200, { 'content-security-policy': policy });
  app.get('/', (context) => context.redirect('/c/general'));
  app.get('/c/:channel', page);
  app.get('/c/:channel/:thread', page);
}

function addReads(app: Hono, memory: ChatMemory, bot: Bot): void {
  app.get('/api/chat/me', (context) => context.json({ person: personOf(context, memory) ?? null }));
  app.get('/api/chat/people', (context) => context.json({ people: memory.people }));
  app.get('/api/chat/channels', (context) => context.json({ channels: memory.channels }));
  app.get('/api/chat/channels/:id/messages', (context) => {
    const all = [...memory.messages.values()].filter(
      (message) => message.channelId === context.req.param('id') && message.rootId === undefined,
    );
    const before = context.req.query('before');
    const older = before === undefined ? all : all.filter(({ id }) => id < before);
    const messages = older
      .sort((one, two) => (one.id < two.id ? -1 : 1))
      .slice(-Number(context.req.query('limit') ?? 50));
    return context.json({ messages, more: messages.length < older.length });
  });
  app.get('/api/chat/threads/:root', (context) => {
    const root = context.req.param('root');
    const messages = [...memory.messages.values()].filter(({ id, rootId }) => id === root || rootId === root);
    if (messages.length === 0) return refuse(context, 404, 'no_thread', 'There is no such thread.');
    return context.json({ messages });
  });
  app.get('/api/chat/suggest', (context) =>
    context.json({ suggestions: bot.suggest(context.req.query('words') ?? '') }),
  );
  app.get('/api/chat/files/:id/:name', (context) => {
    const stored = memory.files.get(context.req.param('id'));
    if (stored === undefined) return refuse(context, 404, 'no_file', 'There is no such file.');
    const { file, bytes } = stored;
    const disposition = file.mediaType.startsWith('image/') ? 'inline' : 'attachment';
    return context.body(new Uint8Array(bytes).buffer, 200, {
      'content-type': file.mediaType,
      'content-disposition': disposition,
      'x-content-type-options': 'nosniff',
    });
  });
}

function addWrites(app: Hono, memory: ChatMemory, bot: Bot): void {
  app.post('/api/chat/me', async (context) => {
    const person = memory.person((await context.req.json<{ name: string }>()).name);
    setCookie(context, 'commander_person', encodeURIComponent(person.name), {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
    });
    return context.json({ person });
  });
  app.post('/api/chat/channels', async (context) => {
    const { name } = await context.req.json<{ name: string }>();
    if (!/^[a-z0-9-]{1,40}$/.test(name)) return refuse(context, 400, 'bad_name', 'Not a name for a channel.');
    return context.json({ channel: memory.addChannel(name) });
  });
  app.post('/api/chat/channels/:id/messages', (context) => addMessage(context, memory, context.req.param('id')));
  app.post('/api/chat/threads/:root/messages', (context) => {
    const root = memory.messages.get(context.req.param('root'));
    if (root === undefined) return refuse(context, 404, 'no_thread', 'There is no such thread.');
    return addMessage(context, memory, root.channelId, root.id);
  });
  app.post('/api/chat/files', async (context) => {
    if (personOf(context, memory) === undefined) return refuse(context, 401, 'who_are_you', 'Say who you are first.');
    const bytes = new Uint8Array(await context.req.arrayBuffer());
    const name = context.req.query('name') ?? 'file';
    const type = context.req.header('content-type') ?? 'application/octet-stream';
    return context.json({ file: memory.addFile(name, type, bytes) }, 201);
  });
  app.post('/api/chat/messages/:id/press', async (context) => {
    const { action } = await context.req.json<{ action: string }>();
    return context.json(await bot.press(action, context.req.param('id')));
  });
  app.post('/api/chat/messages/:id/submit', async (context) => {
    const { modalId, values } = await context.req.json<{ modalId: string; values: Record<string, string> }>();
    return context.json(bot.submit(modalId, values, context.req.param('id')));
  });
}

async function addMessage(context: Context, memory: ChatMemory, channelId: string, rootId?: string): Promise<Response> {
  const person = personOf(context, memory);
  if (person === undefined) return refuse(context, 401, 'who_are_you', 'Say who you are first.');
  const { text, fileIds = [], key } = await context.req.json<{ text: string; fileIds?: string[]; key?: string }>();
  const files = fileIds.flatMap((id) => memory.files.get(id)?.file ?? []);
  return context.json({ message: memory.say({ channelId, rootId, author: person.name, text, files, key }) }, 201);
}

function addEvents(app: Hono, memory: ChatMemory, streams: Set<() => void>): void {
  app.get('/api/chat/events', (context) =>
    streamSSE(context, async (stream) => {
      let cursor = Number(context.req.header('last-event-id') ?? context.req.query('after') ?? memory.head());
      let open = true;
      let wake = () => {};
      const cut = () => {
        open = false;
        wake();
      };
      streams.add(cut);
      stream.onAbort(cut);
      const forget = memory.onChange(() => wake());
      await stream.writeSSE({ event: 'ready', data: JSON.stringify({ cursor: String(cursor) }) });
      while (open) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        for (const message of memory.changesSince(cursor)) {
          cursor = Number(message.cursor);
          await stream.writeSSE({ event: 'message', id: message.cursor, data: JSON.stringify(message) });
        }
        if (open) await woken;
      }
      forget();
      streams.delete(cut);
    }),
  );
}

function personOf(context: Context, memory: ChatMemory): ChatPerson | undefined {
  const name = context.req.header('commander-person') ?? getCookie(context, 'commander_person');
  return name === undefined ? undefined : memory.person(decodeURIComponent(name));
}

function refuse(context: Context, status: 400 | 401 | 404, code: string, message: string): Response {
  return context.json({ error: { code, message } }, status);
}
