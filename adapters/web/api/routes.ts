import { createRoute, z } from '@hono/zod-openapi';
import {
  channelSchema,
  errorSchema,
  fileSchema,
  interactionSchema,
  messageSchema,
  newMessageSchema,
  personSchema,
  suggestionSchema,
} from './schemas.ts';

function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

function body<Schema extends z.ZodType>(schema: Schema) {
  return { body: { required: true, content: { 'application/json': { schema } } } };
}

const problems = {
  400: json(errorSchema, 'The request is not right; the message says what'),
  401: json(errorSchema, 'Say who you are: POST /api/chat/me, or the header Commander-Person'),
  404: json(errorSchema, 'There is no such thing'),
};

const byId = { params: z.object({ id: z.string().max(100) }) };

export const routes = {
  me: createRoute({
    method: 'get',
    path: '/api/chat/me',
    responses: { 200: json(z.object({ person: personSchema.nullable() }), 'Who you are') },
  }),
  nameMe: createRoute({
    method: 'post',
    path: '/api/chat/me',
    request: body(z.object({ name: z.string().trim().min(1).max(60) })),
    responses: {
      200: json(z.object({ person: personSchema }), 'Who you are from now on (sets a cookie)'),
      400: problems[400],
    },
  }),
  people: createRoute({
    method: 'get',
    path: '/api/chat/people',
    responses: { 200: json(z.object({ people: z.array(personSchema) }), 'Everybody') },
  }),
  channels: createRoute({
    method: 'get',
    path: '/api/chat/channels',
    responses: { 200: json(z.object({ channels: z.array(channelSchema) }), 'All channels') },
  }),
  addChannel: createRoute({
    method: 'post',
    path: '/api/chat/channels',
    request: body(
      z.object({ name: z.string().regex(/^[a-z0-9-]{1,40}$/, 'A channel’s name has 1 to 40 of a-z, 0-9 and -.') }),
    ),
    responses: { 200: json(z.object({ channel: channelSchema }), 'The channel'), ...problems },
  }),
  history: createRoute({
    method: 'get',
    path: '/api/chat/channels/{id}/messages',
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
    description: 'Say something in a channel, given by id or by name. “@commander” addresses the bot.',
    request: { ...byId, ...body(newMessageSchema) },
    responses: { 201: json(z.object({ message: messageSchema }), 'Stored'), ...problems },
  }),
  thread: createRoute({
    method: 'get',
    path: '/api/chat/threads/{id}',
    request: byId,
    responses: {
      200: json(z.object({ messages: z.array(messageSchema) }), 'The message and its replies'),
      ...problems,
    },
  }),
  reply: createRoute({
    method: 'post',
    path: '/api/chat/threads/{id}/messages',
    request: { ...byId, ...body(newMessageSchema) },
    responses: { 201: json(z.object({ message: messageSchema }), 'Stored'), ...problems },
  }),
  upload: createRoute({
    method: 'post',
    path: '/api/chat/files',
    description: 'The raw bytes of a file; Content-Type is its media type.',
    request: { query: z.object({ name: z.string().min(1).max(4000) }) },
    responses: {
      201: json(z.object({ file: fileSchema }), 'Stored; name its id in a message'),
      413: json(errorSchema, 'Too large'),
      ...problems,
    },
  }),
  press: createRoute({
    method: 'post',
    path: '/api/chat/messages/{id}/press',
    request: { ...byId, ...body(z.object({ action: z.string().max(200) })) },
    responses: { 200: json(interactionSchema, 'What the presser sees'), ...problems },
  }),
  submit: createRoute({
    method: 'post',
    path: '/api/chat/messages/{id}/submit',
    request: {
      ...byId,
      ...body(z.object({ modalId: z.string().max(200), values: z.record(z.string(), z.string().max(40_000)) })),
    },
    responses: { 200: json(interactionSchema, 'What the sender sees'), ...problems },
  }),
  suggest: createRoute({
    method: 'get',
    path: '/api/chat/suggest',
    request: { query: z.object({ words: z.string().max(1000).default('') }) },
    responses: { 200: json(z.object({ suggestions: z.array(suggestionSchema) }), 'Completions'), ...problems },
  }),
};
