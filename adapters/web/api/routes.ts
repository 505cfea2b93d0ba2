import { createRoute, z } from '@hono/zod-openapi';
import { interactionSchema } from './reply-schemas.ts';
import {
  channelSchema,
  errorSchema,
  fileSchema,
  messageSchema,
  newMessageSchema,
  personName,
  personSchema,
  suggestionSchema,
  words,
} from './schemas.ts';

function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

function body<Schema extends z.ZodType>(schema: Schema) {
  return { body: { required: true, content: { 'application/json': { schema } } } };
}

/** How every route says no: to a page of another site, and when something is wrong within Commander. */
const always = {
  403: json(errorSchema, 'The request comes from another site, or names a host that is not ours'),
  500: json(errorSchema, 'Commander failed at it; its log says why'),
};

const problems = {
  ...always,
  400: json(errorSchema, 'The request is not right; the message says what'),
  401: json(errorSchema, 'Say who you are: POST /api/chat/me, or the header Commander-Person'),
  404: json(errorSchema, 'There is no such thing'),
  413: json(errorSchema, 'Too large'),
};

const byId = { params: z.object({ id: z.string().max(100) }) };

export const routes = {
  me: createRoute({
    method: 'get',
    path: '/api/chat/me',
    operationId: 'me',
    summary: 'Who you are',
    responses: { 200: json(z.object({ person: personSchema.nullable() }), 'Who you are'), ...always },
  }),
  nameMe: createRoute({
    method: 'post',
    path: '/api/chat/me',
    operationId: 'nameMe',
    summary: 'Give yourself a name',
    request: body(z.object({ name: personName })),
    responses: {
      200: json(z.object({ person: personSchema }), 'Who you are from now on (sets a cookie)'),
      ...problems,
    },
  }),
  people: createRoute({
    method: 'get',
    path: '/api/chat/people',
    operationId: 'people',
    summary: 'Everybody who has a name',
    responses: { 200: json(z.object({ people: z.array(personSchema) }), 'Everybody'), ...always },
  }),
  channels: createRoute({
    method: 'get',
    path: '/api/chat/channels',
    operationId: 'channels',
    summary: 'List the channels',
    responses: { 200: json(z.object({ channels: z.array(channelSchema) }), 'All channels'), ...always },
  }),
  addChannel: createRoute({
    method: 'post',
    path: '/api/chat/channels',
    operationId: 'addChannel',
    summary: 'Add a channel',
    request: body(
      z.object({ name: z.string().regex(/^[a-z0-9-]{1,40}$/, 'A channel’s name has 1 to 40 of a-z, 0-9 and -.') }),
    ),
    responses: { 200: json(z.object({ channel: channelSchema }), 'The channel'), ...problems },
  }),
  history: createRoute({
    method: 'get',
    path: '/api/chat/channels/{id}/messages',
    operationId: 'history',
    summary: 'Read a channel',
    request: {
      ...byId,
      query: z.object({ before: z.uuid().optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }),
    },
    responses: {
      200: json(z.object({ messages: z.array(messageSchema), more: z.boolean() }), 'Oldest first'),
      ...problems,
    },
  }),
  say: createRoute({
    method: 'post',
    path: '/api/chat/channels/{id}/messages',
    operationId: 'say',
    summary: 'Say something in a channel',
    description: 'Say something in a channel, given by id or by name. “@commander” addresses the bot.',
    request: { ...byId, ...body(newMessageSchema) },
    responses: { 201: json(z.object({ message: messageSchema }), 'Stored'), ...problems },
  }),
  thread: createRoute({
    method: 'get',
    path: '/api/chat/threads/{id}',
    operationId: 'thread',
    summary: 'Read a thread',
    request: byId,
    responses: {
      200: json(z.object({ messages: z.array(messageSchema) }), 'The message and its replies'),
      ...problems,
    },
  }),
  reply: createRoute({
    method: 'post',
    path: '/api/chat/threads/{id}/messages',
    operationId: 'reply',
    summary: 'Say something in a thread',
    request: { ...byId, ...body(newMessageSchema) },
    responses: { 201: json(z.object({ message: messageSchema }), 'Stored'), ...problems },
  }),
  upload: createRoute({
    method: 'post',
    path: '/api/chat/files',
    operationId: 'upload',
    summary: 'Upload a file',
    description: 'The raw bytes of a file; Content-Type is its media type.',
    request: {
      query: z.object({ name: words(4000).min(1) }),
      body: { content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } },
    },
    responses: {
      201: json(z.object({ file: fileSchema }), 'Stored; name its id in a message'),
      507: json(errorSchema, 'The disk is full'),
      ...problems,
    },
  }),
  press: createRoute({
    method: 'post',
    path: '/api/chat/messages/{id}/press',
    operationId: 'press',
    summary: 'Press a button or choose from a menu',
    request: { ...byId, ...body(z.object({ action: words(200) })) },
    responses: { 200: json(interactionSchema, 'What the presser sees'), ...problems },
  }),
  submit: createRoute({
    method: 'post',
    path: '/api/chat/messages/{id}/submit',
    operationId: 'submit',
    summary: 'Send a form',
    request: {
      ...byId,
      ...body(
        z.object({
          modalId: words(200),
          values: z.record(words(200), words(40_000)),
          fileIds: z
            .record(words(200), z.array(z.uuid()).max(20))
            .default({})
            .openapi({ description: 'Uploaded files by the name of their field' }),
        }),
      ),
    },
    responses: { 200: json(interactionSchema, 'What the sender sees'), ...problems },
  }),
  suggest: createRoute({
    method: 'get',
    path: '/api/chat/suggest',
    operationId: 'suggest',
    summary: 'Complete what is being typed',
    request: { query: z.object({ words: words(1000).default('') }) },
    responses: { 200: json(z.object({ suggestions: z.array(suggestionSchema) }), 'Completions'), ...problems },
  }),
  download: createRoute({
    method: 'get',
    path: '/api/chat/files/{id}/{name}',
    operationId: 'download',
    summary: 'Download a file',
    description:
      'The bytes of a file. The name in the address is for people; the id decides. `as=page` shows an HTML file in a frame, without any rights.',
    request: {
      params: z.object({ id: z.string().max(100), name: z.string() }),
      query: z.object({ as: z.enum(['page']).optional() }),
    },
    responses: {
      200: {
        description: 'The bytes, as their media type',
        content: { '*/*': { schema: { type: 'string', format: 'binary' } } },
      },
      ...always,
      404: problems[404],
    },
  }),
  events: createRoute({
    method: 'get',
    path: '/api/chat/events',
    operationId: 'events',
    summary: 'Follow what is new or changed',
    description:
      'Server-sent events: first `ready` with `{cursor}`, then a `message` for each `Message` that is new or changed, whose id is its cursor. Begins after `after` or the header Last-Event-ID, else now.',
    request: {
      query: z.object({ after: z.string().optional() }),
      headers: z.object({ 'last-event-id': z.string().optional() }),
    },
    responses: {
      200: { description: 'The stream', content: { 'text/event-stream': { schema: { type: 'string' } } } },
      ...always,
    },
  }),
};
