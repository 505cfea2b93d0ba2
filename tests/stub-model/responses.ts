import { prettifyError, z } from 'zod';
import { checkToolCalls, type Protocol, RefusedRequest } from './protocol.ts';
import { type Answer, halves } from './turns.ts';

// Responses: https://platform.openai.com/docs/api-reference/responses, streams: https://platform.openai.com/docs/api-reference/responses-streaming

const tool = z.looseObject({ type: z.string(), name: z.string().optional() });
/** A provider's own tools have a type and no name; a namespace has tools of its own. */
const tools = z.array(tool.extend({ tools: z.array(tool).optional() }));
const requestSchema = z.looseObject({
  model: z.string().min(1),
  // Codex offers some models its tools in the input (`additional_tools`).
  input: z
    .array(z.looseObject({ type: z.string().optional(), call_id: z.string().optional(), tools: tools.optional() }))
    .min(1),
  stream: z.boolean().optional(),
  tools: tools.optional(),
});

/** OpenAI's responses, which Codex speaks. */
export const responses: Protocol = {
  name: 'responses',
  path: '/v1/responses',
  parse(body, headers) {
    if (headers.authorization === undefined) throw new RefusedRequest('There is no authorization header', 401);
    const parsed = requestSchema.safeParse(body);
    if (!parsed.success) throw new RefusedRequest(prettifyError(parsed.error));
    const { model, input, stream } = parsed.data;
    const offered = [...(parsed.data.tools ?? []), ...input.flatMap((item) => item.tools ?? [])].flatMap(flatten);
    const ids = (kind: RegExp) =>
      input.flatMap(({ type, call_id }) => (kind.test(type ?? '') && call_id !== undefined ? [call_id] : []));
    checkToolCalls([
      { calls: ids(/_call$/), answers: [] },
      { calls: [], answers: ids(/_call_output$/) },
    ]);
    return {
      model,
      streamed: stream === true,
      tools: offered.map(({ name }) => name),
      custom: offered.flatMap(({ name, type }) => (type === 'custom' ? [name] : [])),
      wantsUsage: true,
    };
  },
  whole: (answer) => responseOf(answer, itemsOf(answer, []), 'completed'),
  stream(answer, { custom = [] }) {
    const items = itemsOf(answer, custom);
    const deltas = halves(answer.text ?? '').map((delta) =>
      event('response.output_text.delta', {
        item_id: `msg_${answer.number}`,
        output_index: 0,
        content_index: 0,
        delta,
      }),
    );
    const spoken =
      answer.text === undefined
        ? []
        : [event('response.output_item.added', { output_index: 0, item: items[0] }), ...deltas];
    const done = items.map((item, output_index) => event('response.output_item.done', { output_index, item }));
    const completed = event('response.completed', { response: responseOf(answer, items, 'completed') });
    return [
      event('response.created', { response: responseOf(answer, [], 'in_progress') }),
      [...spoken, ...done, completed].join(''),
    ];
  },
  error: (status, message) => ({
    error: { message, type: status < 500 ? 'invalid_request_error' : 'server_error', code: null },
  }),
  errorEvent: (message) =>
    event('response.failed', { response: { status: 'failed', error: { code: 'server_error', message } } }),
};

/** Tools as a script names them: one of a namespace is `namespace.tool`. */
function flatten({
  type,
  name,
  tools: inside,
}: z.infer<typeof tools>[number]): readonly { name: string; type: string }[] {
  if (name === undefined) return [];
  if (inside === undefined) return [{ name, type }];
  return inside.map((each) => ({ name: `${name}.${each.name}`, type: each.type }));
}

const event = (type: string, data: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;

function itemsOf({ number, text, tools }: Answer, custom: readonly string[]): readonly object[] {
  const content = [{ type: 'output_text', text: text ?? '', annotations: [] }];
  const said = { type: 'message', id: `msg_${number}`, role: 'assistant', status: 'completed', content };
  const calls = tools.map(({ id, name: full, input }) => {
    const [name = '', namespace] = full.split('.').reverse();
    const call = {
      call_id: `call_${id}`,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      status: 'completed',
    };
    return custom.includes(full)
      ? { ...call, type: 'custom_tool_call', id: `ctc_${id}`, input: Object.values(input).join('\n') }
      : { ...call, type: 'function_call', id: `fc_${id}`, arguments: JSON.stringify(input) };
  });
  return [...(text === undefined ? [] : [said]), ...calls];
}

function responseOf({ number, model, usage }: Answer, output: readonly object[], status: string): object {
  const { input, output: spoken } = usage;
  return {
    ...{ id: `resp_${number}`, object: 'response', created_at: 1_700_000_000, status, model, output },
    usage: {
      ...{ input_tokens: input, output_tokens: spoken, total_tokens: input + spoken },
      ...{ input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } },
    },
  };
}
