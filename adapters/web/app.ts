import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { OpenAPIHono, type z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { HTTPException } from 'hono/http-exception';
import { streamSSE } from 'hono/streaming';
import type { ChatHost } from '#core/chat/adapter.ts';
import type { ChatMessage, ChatPerson, ChatStore } from '#core/chat/chat-store.ts';
import { blobPlace } from '#core/run/places.ts';
import { routes } from './api/routes.ts';
import type { messageSchema } from './api/schemas.ts';
import { contentPolicy, readAsset, shell } from './assets.ts';
import type { Follower } from './events.ts';
import { guard } from './guard.ts';
import { passOn } from './pass-on.ts';
import { Refusal } from './refusal.ts';
import { FileTooLarge, safeName, storeUpload } from './uploads.ts';

export interface AppParts {
  readonly store: ChatStore;
  readonly home: string;
  readonly host: ChatHost;
  readonly follower: Follower;
  /** Channel names by id, kept up as channels are added. */
  readonly names: Map<string, string>;
  readonly allowedHosts: readonly string[];
  readonly maxFileBytes: number;
}

/** Time between comments on a quiet event stream, in milliseconds: proxies close what is silent for a minute. */
const pingMs = 15_000;

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
  app.use('/api/*', async (context, next) => {
    guard(context.req.raw, parts.allowedHosts);
    await next();
  });
  app.onError((error, context) => answerError(error, context));
  app.notFound((context) => context.text('not found', 404, { 'commander-not-mine': '1' }));
  addPages(app);
  addReads(app, parts);
  addWrites(app, parts);
  addInteractions(app, parts);
  addFiles(app, parts);
  addEvents(app, parts);
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

function answerError(error: Error, context: Context): Response {
  if (error instanceof Refusal)
    return context.json({ error: { code: error.code, message: error.message } }, error.status);
  if (error instanceof HTTPException)
    return context.json({ error: { code: 'bad_request', message: error.message } }, error.status);
  throw error;
}

function addPages(app: OpenAPIHono): void {
  app.get('/assets/*', async (context) => {
    const asset = await readAsset(decodeURIComponent(context.req.path.slice('/assets/'.length)));
    if (asset === undefined) return context.text('There is no such file.', 404);
    const headers = { etag: asset.etag, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };
    if (context.req.header('if-none-match') === asset.etag) return context.body(null, 304, headers);
    return context.body(asset.body, 200, { ...headers, 'content-type': asset.type });
  });
  const page = (context: Context) =>
    context.html(shell, 200, {
      'content-security-policy': contentPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
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
    return context.json({ messages: found.slice(-limit).map(wire), more: found.length > limit }, 200);
  });
  app.openapi(routes.thread, async (context) => {
    const messages = await store.thread(uuidOf(context.req.valid('param').id));
    if (messages.length === 0) throw new Refusal(404, 'no_thread', 'There is no such thread.');
    return context.json({ messages: messages.map(wire) }, 200);
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
    setCookie(context, 'commander_person', encodeURIComponent(person.name), {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      maxAge: 400 * 24 * 3600,
    });
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
    return context.json({ message: wire(await say(context, parts, context.req.valid('json'), channelId)) }, 201);
  });
  app.openapi(routes.reply, async (context) => {
    const root = await store.message(uuidOf(context.req.valid('param').id));
    if (root === undefined) throw new Refusal(404, 'no_thread', 'There is no such thread.');
    const rootId = root.rootId ?? root.id;
    const message = await say(context, parts, context.req.valid('json'), root.channelId, rootId);
    return context.json({ message: wire(message) }, 201);
  });
}

async function say(
  context: Context,
  { store, host }: AppParts,
  { text, fileIds, key }: { readonly text: string; readonly fileIds: readonly string[]; readonly key?: string },
  channelId: string,
  rootId?: string,
): Promise<ChatMessage> {
  const person = await knownPerson(context, store);
  const { message } = await store.append({
    channelId,
    rootId,
    author: { personId: person.id },
    text,
    fileIds,
    key: `person ${person.id} ${key ?? crypto.randomUUID()}`,
  });
  await passOn.message(message, host);
  return message;
}

function addInteractions(app: OpenAPIHono, { store, host }: AppParts): void {
  app.openapi(routes.press, async (context) => {
    const { thread, sender } = await interaction(context, store, context.req.valid('param').id);
    const reply = await host.press({ action: context.req.valid('json').action, thread, sender });
    return context.json({ ...reply }, 200);
  });
  app.openapi(routes.submit, async (context) => {
    const { thread, sender } = await interaction(context, store, context.req.valid('param').id);
    const reply = await host.submit({ ...context.req.valid('json'), thread, sender });
    return context.json({ ...reply }, 200);
  });
}

async function interaction(context: Context, store: ChatStore, messageId: string | undefined) {
  const person = await knownPerson(context, store);
  const message = await store.message(uuidOf(messageId));
  if (message === undefined) throw new Refusal(404, 'no_message', 'That message is gone.');
  const thread = { platform: 'web', channel: message.channelId, thread: message.rootId ?? message.id };
  return { thread, sender: { externalId: person.id, name: person.name } };
}

function addFiles(app: OpenAPIHono, { store, home, maxFileBytes }: AppParts): void {
  app.openapi(routes.upload, async (context) => {
    const person = await knownPerson(context, store);
    const { body } = context.req.raw;
    if (body === null) throw new Refusal(400, 'empty', 'The request has no bytes.');
    const type = context.req.header('content-type') ?? '';
    const mediaType = /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'application/octet-stream';
    try {
      const stored = await storeUpload(body, { home, limit: maxFileBytes });
      const name = safeName(context.req.valid('query').name);
      return context.json({ file: await store.addFile({ ...stored, name, mediaType, personId: person.id }) }, 201);
    } catch (error) {
      if (error instanceof FileTooLarge) throw new Refusal(413, error.code, error.message);
      throw error;
    }
  });
  app.get('/api/chat/files/:id/:name', async (context) => {
    const file = await store.file(uuidOf(context.req.param('id')));
    if (file === undefined) throw new Refusal(404, 'no_file', 'There is no such file.');
    const inline = /^image\/(png|jpeg|gif|webp)$/.test(file.mediaType);
    const stream = Readable.toWeb(createReadStream(join(home, blobPlace(file.sha256)))) as ReadableStream;
    return context.body(stream, 200, {
      'content-type': file.mediaType,
      'content-length': String(file.size),
      'content-disposition': `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeRfc8187(file.name)}`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
  });
}

/** RFC 8187: percent-encoding of everything that an attribute value may not hold. */
function encodeRfc8187(text: string): string {
  return encodeURIComponent(text).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function addEvents(app: OpenAPIHono, { store, follower }: AppParts): void {
  app.get('/api/chat/events', (context) =>
    streamSSE(context, async (stream) => {
      const asked = context.req.header('last-event-id') ?? context.req.query('after');
      const cursor = asked !== undefined && /^\d{1,18}$/.test(asked) ? asked : await store.head();
      const ending = new AbortController();
      stream.onAbort(() => ending.abort());
      const ping = setInterval(() => void stream.write(': still here\n\n'), pingMs);
      try {
        await stream.writeSSE({ event: 'ready', data: JSON.stringify({ cursor }) });
        for await (const messages of follower.follow(cursor, ending.signal)) {
          for (const message of messages) {
            await stream.writeSSE({ event: 'message', id: message.cursor, data: JSON.stringify(message) });
          }
        }
      } finally {
        clearInterval(ping);
      }
    }),
  );
}

/** A message as the API's schema has it, which leaves the inside of cards open. */
function wire({ card, files, ...message }: ChatMessage): z.infer<typeof messageSchema> {
  return { ...message, files: [...files], ...(card === undefined ? {} : { card: { ...card } }) };
}

async function personOf(context: Context, store: ChatStore): Promise<ChatPerson | undefined> {
  const name = context.req.header('commander-person') ?? getCookie(context, 'commander_person');
  const decoded = name === undefined ? '' : safeDecode(name).trim().slice(0, 60);
  return decoded === '' ? undefined : store.person(decoded);
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function knownPerson(context: Context, store: ChatStore): Promise<ChatPerson> {
  const person = await personOf(context, store);
  if (person !== undefined) return person;
  throw new Refusal(401, 'who_are_you', 'Say who you are first: POST /api/chat/me, or the header Commander-Person.');
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
