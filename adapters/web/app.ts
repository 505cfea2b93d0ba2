import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import type { ChatHost, IncomingFile } from '#core/chat/adapter.ts';
import type { ChatFile, ChatMessage, ChatStore } from '#core/chat/chat-store.ts';
import type { StoreBytes } from '#core/run/stored-file.ts';
import { routes } from './api/routes.ts';
import { readAsset } from './assets.ts';
import type { Follower } from './events.ts';
import { giveFile, takeFile } from './files.ts';
import { guard } from './guard.ts';
import type { WebLog } from './log.ts';
import { chatPage } from './page.ts';
import type { PassOn } from './pass-on.ts';
import { knownPerson, personOf, rememberPerson } from './person.ts';
import { Refusal } from './refusal.ts';
import { streamChanges } from './stream.ts';

export interface AppParts {
  readonly store: ChatStore;
  readonly home: string;
  readonly storeBytes: StoreBytes;
  readonly host: ChatHost;
  readonly follower: Follower;
  readonly passOn: PassOn;
  readonly log: WebLog;
  /** Channel names by id, kept up as channels are added. */
  readonly names: Map<string, string>;
  readonly allowedHosts: readonly string[];
  readonly maxFileBytes: number;
}

/** Pages and routes that are the chat's own; what else begins with /api belongs to other parts and their own rules. */
const guarded = ['/', '/c/*', '/api', '/api/openapi.json', '/api/chat/*'];

/** Bytes of a JSON body: the longest text and form, escaped. Files come by a route of their own. */
const jsonBytes = 1024 * 1024;

/** The web chat's HTTP application: pages, assets, API, events. */
export function createApp(parts: AppParts): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result) => {
      if (result.success) return;
      const issue = result.error.issues[0];
      throw new Refusal(
        400,
        'bad_request',
        `${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not right'}`.trim(),
      );
    },
  });
  for (const ours of guarded) {
    app.use(ours, async (context, next) => {
      guard(context.req.raw, parts.allowedHosts);
      await next();
    });
  }
  const small = bodyLimit({
    maxSize: jsonBytes,
    onError: () => {
      throw new Refusal(413, 'too_large', 'That is too much for one message. Send it as a file.');
    },
  });
  app.use('/api/chat/*', (context, next) => (context.req.path === routes.upload.path ? next() : small(context, next)));
  app.onError((error, context) => answerError(error, context, parts.log));
  app.notFound((context) => context.text('not found', 404, { 'commander-not-mine': '1' }));
  addPages(app);
  addReads(app, parts);
  addWrites(app, parts);
  addInteractions(app, parts);
  addFiles(app, parts);
  addEvents(app, parts);
  app.get('/api', (context) => context.redirect('/api/openapi.json'));
  app.doc31('/api/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Commander web chat',
      version: '1',
      description: 'Say things, read threads, press buttons, follow events.',
    },
  });
  return app;
}

function answerError(error: Error, context: Context, log: WebLog): Response {
  if (error instanceof Refusal)
    return context.json({ error: { code: error.code, message: error.message } }, error.status);
  if (error instanceof HTTPException)
    return context.json({ error: { code: 'bad_request', message: error.message } }, error.status);
  // Whoever sent it has gone away: nobody hears the answer, and nothing is wrong here.
  if (context.req.raw.signal.aborted) return context.body(null, 400);
  log.error({ error, path: context.req.path }, 'a request to the chat failed');
  return context.json({ error: { code: 'internal', message: 'Commander failed at this. Its log says why.' } }, 500);
}

/** What a page loads is kept for good under that page's version; by any other address it is asked again. */
async function giveAsset(context: Context): Promise<Response> {
  const [, version, path = ''] = /^\/assets\/(?:(v-[\w-]{16})\/)?(.*)$/s.exec(context.req.path) ?? [];
  const asset = await readAsset(path);
  if (asset === undefined) return context.text('There is no such file.', 404);
  const { body, type, etag, gzipped } = asset;
  const known = version !== undefined && version === (await chatPage()).version;
  const headers = {
    etag,
    'cache-control': known ? 'public, max-age=31536000, immutable' : 'no-cache',
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding',
  };
  if (context.req.header('if-none-match') === etag) return context.body(null, 304, headers);
  const fits = gzipped !== undefined && /\bgzip\b/.test(context.req.header('accept-encoding') ?? '');
  if (!fits) return context.body(body, 200, { ...headers, 'content-type': type });
  return context.body(gzipped, 200, { ...headers, 'content-type': type, 'content-encoding': 'gzip' });
}

function addPages(app: OpenAPIHono): void {
  app.get('/assets/*', giveAsset);
  const page = async (context: Context) => {
    const { html, contentPolicy } = await chatPage();
    return context.html(html, 200, {
      'content-security-policy': contentPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  };
  app.get('/', (context) => context.redirect('/c/general'));
  app.get('/c/:channel', page);
  app.get('/c/:channel/:thread', page);
}

function addReads(app: OpenAPIHono, { store, host }: AppParts): void {
  app.openapi(routes.me, async (context) => context.json({ person: (await personOf(context, store)) ?? null }, 200));
  app.openapi(routes.people, async (context) => context.json({ people: [...(await store.people())] }, 200));
  app.openapi(routes.channels, async (context) => context.json({ channels: [...(await store.channels())] }, 200));
  app.openapi(routes.history, async (context) => {
    const { before, limit } = context.req.valid('query');
    const channel = await channelOf(store, context.req.valid('param').id);
    const found = await store.history(channel, { before, limit: limit + 1 });
    return context.json({ messages: found.slice(-limit), more: found.length > limit }, 200);
  });
  app.openapi(routes.thread, async (context) => {
    const messages = await store.thread(uuidOf(context.req.valid('param').id));
    if (messages.length === 0) throw new Refusal(404, 'no_thread', 'There is no such thread.');
    return context.json({ messages: [...messages] }, 200);
  });
  app.openapi(routes.suggest, async (context) => {
    const person = await personOf(context, store);
    const sender = { externalId: person?.id ?? '', name: person?.name ?? '' };
    return context.json({ suggestions: [...(await host.suggest(context.req.valid('query').words, sender))] }, 200);
  });
}

function addWrites(app: OpenAPIHono, parts: AppParts): void {
  const { store, names } = parts;
  app.openapi(routes.nameMe, async (context) => {
    const person = await store.person(context.req.valid('json').name);
    rememberPerson(context, person);
    return context.json({ person }, 200);
  });
  app.openapi(routes.addChannel, async (context) => {
    await knownPerson(context, store);
    const channel = await store.addChannel(context.req.valid('json').name);
    names.set(channel.id, channel.name);
    return context.json({ channel }, 200);
  });
  app.openapi(routes.say, async (context) => {
    const channelId = await channelOf(store, context.req.valid('param').id);
    return context.json({ message: await say(context, parts, context.req.valid('json'), channelId) }, 201);
  });
  app.openapi(routes.reply, async (context) => {
    const root = await store.message(uuidOf(context.req.valid('param').id));
    if (root === undefined) throw new Refusal(404, 'no_thread', 'There is no such thread.');
    const rootId = root.rootId ?? root.id;
    const message = await say(context, parts, context.req.valid('json'), root.channelId, rootId);
    return context.json({ message }, 201);
  });
}

async function say(
  context: Context,
  { store, passOn }: AppParts,
  { text, fileIds, key }: { readonly text: string; readonly fileIds: readonly string[]; readonly key?: string },
  channelId: string,
  rootId?: string,
): Promise<ChatMessage> {
  const person = await knownPerson(context, store);
  await filesOf(store, fileIds);
  const { message } = await store.append({
    channelId,
    rootId,
    author: { personId: person.id },
    text,
    fileIds,
    key: `person ${person.id} ${key ?? crypto.randomUUID()}`,
  });
  await passOn.message(message);
  return message;
}

/** The uploaded files of these ids. @throws Refusal when one is not here */
async function filesOf(store: ChatStore, ids: readonly string[]): Promise<readonly ChatFile[]> {
  const files = await Promise.all(ids.map((id) => store.file(id)));
  return files.map((file) => {
    if (file === undefined) throw new Refusal(400, 'no_file', 'One of the files is not here. Upload it again.');
    return file;
  });
}

function addInteractions(app: OpenAPIHono, { store, host }: AppParts): void {
  app.openapi(routes.press, async (context) => {
    const { thread, sender } = await interaction(context, store, context.req.valid('param').id);
    const reply = await host.press({ action: context.req.valid('json').action, thread, sender });
    return context.json(reply, 200);
  });
  app.openapi(routes.submit, async (context) => {
    const { thread, sender } = await interaction(context, store, context.req.valid('param').id);
    const { modalId, values, fileIds } = context.req.valid('json');
    const files: Record<string, readonly IncomingFile[]> = {};
    for (const [name, ids] of Object.entries(fileIds)) {
      files[name] = (await filesOf(store, ids)).map(({ id, ...file }) => ({ externalId: id, ...file }));
    }
    const reply = await host.submit({ modalId, values, files, thread, sender });
    return context.json(reply, 200);
  });
}

async function interaction(context: Context, store: ChatStore, messageId: string | undefined) {
  const person = await knownPerson(context, store);
  const message = await store.message(uuidOf(messageId));
  if (message === undefined) throw new Refusal(404, 'no_message', 'That message is gone.');
  const thread = { platform: 'web', channel: message.channelId, thread: message.rootId ?? message.id };
  return { thread, sender: { externalId: person.id, name: person.name } };
}

function addFiles(app: OpenAPIHono, parts: AppParts): void {
  const { store, home } = parts;
  app.openapi(routes.upload, async (context) => {
    const person = await knownPerson(context, store);
    return context.json({ file: await takeFile(context, context.req.valid('query').name, person, parts) }, 201);
  });
  app.openAPIRegistry.registerPath(routes.download);
  app.get('/api/chat/files/:id/:name', async (context) => {
    const file = await store.file(uuidOf(context.req.param('id')));
    if (file === undefined) throw new Refusal(404, 'no_file', 'There is no such file.');
    return giveFile(context, file, home);
  });
}

function addEvents(app: OpenAPIHono, { store, follower }: AppParts): void {
  app.openAPIRegistry.registerPath(routes.events);
  app.get('/api/chat/events', async (context) => {
    const asked = context.req.header('last-event-id') ?? context.req.query('after') ?? '';
    const head = await store.head();
    // A place that is still to come is from a database that is gone: its reader starts again from now.
    const known = /^\d{1,18}$/.test(asked) && BigInt(asked) <= BigInt(head);
    return streamChanges(context, { follower, cursor: known ? asked : head });
  });
}

async function channelOf(store: ChatStore, idOrName: string): Promise<string> {
  const channel = (await store.channels()).find(({ id, name }) => id === idOrName || name === idOrName);
  if (channel === undefined) throw new Refusal(404, 'no_channel', `There is no channel “${idOrName}”.`);
  return channel.id;
}

function uuidOf(text: string | undefined): string {
  if (text !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text;
  throw new Refusal(404, 'no_such_id', 'There is nothing of that id.');
}
