import { prettifyError, z } from 'zod';
import { checkToolCalls, type Protocol, RefusedRequest } from './protocol.ts';
import { type Answer, halves } from './turns.ts';

// Messages: https://docs.anthropic.com/en/api/messages, streams: https://docs.anthropic.com/en/docs/build-with-claude/streaming

const block = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text: z.string() }),
  z.looseObject({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: z.looseObject({}) }),
  z.looseObject({
    type: z.literal('tool_result'),
    tool_use_id: z.string(),
    content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]).optional(),
    is_error: z.boolean().optional(),
  }),
  z.looseObject({ type: z.enum(['image', 'document', 'thinking', 'redacted_thinking', 'search_result']) }),
]);
const requestSchema = z.looseObject({
  model: z.string().min(1),
  max_tokens: z.int().min(1),
  messages: z
    .array(
      z.looseObject({
        // `system` in the middle is a beta that Claude Code may use.
        role: z.enum(['user', 'assistant', 'system']),
        content: z.union([z.string(), z.array(block)]),
      }),
    )
    .min(1),
  system: z.union([z.string(), z.array(z.looseObject({ type: z.literal('text'), text: z.string() }))]).optional(),
  stream: z.boolean().optional(),
  // A provider's own tools have a type and no schema.
  tools: z
    .array(
      z.union([
        // The limit of a name: https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/implement-tool-use
        z.looseObject({
          name: z.string().regex(/^[\w-]{1,128}$/),
          input_schema: z.looseObject({ type: z.literal('object') }),
        }),
        z.looseObject({ name: z.string(), type: z.string() }),
      ]),
    )
    .optional(),
  tool_choice: z.looseObject({ type: z.enum(['auto', 'any', 'tool', 'none']) }).optional(),
  temperature: z.number().min(0).max(1).optional(),
});

const stopReason = { end: 'end_turn', length: 'max_tokens', refusal: 'refusal', tool: 'tool_use' } as const;
/** https://docs.anthropic.com/en/api/errors */
const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

/** Anthropic's messages. */
export const anthropic: Protocol = {
  name: 'anthropic',
  path: '/v1/messages',
  parse(body, headers) {
    if (headers['x-api-key'] === undefined && headers.authorization === undefined)
      throw new RefusedRequest('There is neither an x-api-key nor an authorization header', 401);
    if (headers['anthropic-version'] === undefined) throw new RefusedRequest('There is no anthropic-version header');
    const parsed = requestSchema.safeParse(body);
    if (!parsed.success) throw new RefusedRequest(prettifyError(parsed.error));
    const { model, messages, stream, tools = [] } = parsed.data;
    checkToolCalls(
      messages.map((said) => {
        const blocks = typeof said.content === 'string' ? [] : said.content;
        return {
          calls: blocks.flatMap((piece) => (piece.type === 'tool_use' ? [String(piece.id)] : [])),
          answers: blocks.flatMap((piece) => (piece.type === 'tool_result' ? [String(piece.tool_use_id)] : [])),
        };
      }),
    );
    return { model, streamed: stream === true, tools: tools.map(({ name }) => name), wantsUsage: true };
  },
  whole(answer) {
    const text = answer.text === undefined ? [] : [{ type: 'text', text: answer.text }];
    const content = [...text, ...answer.tools.map((use) => ({ ...toolUse(use), input: use.input }))];
    return { ...headOf(answer), content, stop_reason: stopReason[answer.stop], usage: usageOf(answer) };
  },
  stream(answer) {
    const blocks: readonly (readonly [start: object, deltas: readonly [object, object]])[] = [
      ...(answer.text === undefined ? [] : [textBlock(answer.text)]),
      ...answer.tools.map(toolBlock),
    ];
    const pieces = blocks.map(([start, deltas], index) => ({
      first: event('content_block_start', { index, content_block: start }) + deltaEvent(index, deltas[0]),
      second: deltaEvent(index, deltas[1]) + event('content_block_stop', { index }),
    }));
    const message = {
      ...headOf(answer),
      content: [],
      stop_reason: null,
      usage: { ...usageOf(answer), output_tokens: 1 },
    };
    const delta = { stop_reason: stopReason[answer.stop], stop_sequence: null };
    const [head, ...others] = pieces;
    return [
      event('message_start', { message }) + event('ping', {}) + (head?.first ?? ''),
      [
        head?.second ?? '',
        ...others.map(({ first, second }) => first + second),
        event('message_delta', { delta, usage: { output_tokens: answer.usage.output } }),
        event('message_stop', {}),
      ].join(''),
    ];
  },
  error: (status, message) => ({ type: 'error', error: { type: errorTypes[status] ?? 'api_error', message } }),
  errorEvent: (message) => event('error', { error: { type: 'overloaded_error', message } }),
};

const event = (type: string, data: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;

const deltaEvent = (index: number, delta: object) => event('content_block_delta', { index, delta });

const toolUse = ({ id, name }: Answer['tools'][number]) => ({ type: 'tool_use', id: `toolu_${id}`, name });

function textBlock(text: string): readonly [object, readonly [object, object]] {
  const [first, second] = halves(text).map((piece) => ({ type: 'text_delta', text: piece }));
  return [{ type: 'text', text: '' }, [first ?? {}, second ?? {}]];
}

function toolBlock(use: Answer['tools'][number]): readonly [object, readonly [object, object]] {
  const [first, second] = halves(JSON.stringify(use.input)).map((piece) => ({
    type: 'input_json_delta',
    partial_json: piece,
  }));
  return [{ ...toolUse(use), input: {} }, [first ?? {}, second ?? {}]];
}

const headOf = ({ number, model }: Answer) => ({
  id: `msg_${number}`,
  type: 'message',
  role: 'assistant',
  model,
  stop_sequence: null,
});

const usageOf = ({ usage: { input, output } }: Answer) => ({
  input_tokens: input,
  output_tokens: output,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
});
