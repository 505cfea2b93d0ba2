import { prettifyError, z } from 'zod';
import { checkToolCalls, type Protocol, RefusedRequest } from './protocol.ts';
import { type Answer, halves } from './turns.ts';

// Chat completions: https://platform.openai.com/docs/api-reference/chat/create

const parts = z.array(z.looseObject({ type: z.string() })).min(1);
const content = z.union([z.string(), parts]);
const toolCall = z.looseObject({
  id: z.string().min(1),
  type: z.literal('function'),
  function: z.looseObject({ name: z.string().min(1), arguments: z.string() }),
});
const message = z.discriminatedUnion('role', [
  z.looseObject({ role: z.enum(['system', 'developer']), content }),
  z.looseObject({ role: z.literal('user'), content }),
  z.looseObject({
    role: z.literal('assistant'),
    content: content.nullish(),
    tool_calls: z.array(toolCall).min(1).optional(),
  }),
  z.looseObject({ role: z.literal('tool'), tool_call_id: z.string(), content }),
]);
const requestSchema = z.looseObject({
  model: z.string().min(1),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  tools: z
    .array(
      z.looseObject({
        type: z.literal('function'),
        // The limit of a name: https://platform.openai.com/docs/api-reference/chat/create#chat-create-tools
        function: z.looseObject({ name: z.string().regex(/^[\w-]{1,64}$/), parameters: z.looseObject({}).optional() }),
      }),
    )
    .optional(),
  tool_choice: z.union([z.enum(['none', 'auto', 'required']), z.looseObject({})]).optional(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
});

const finish = { end: 'stop', length: 'length', refusal: 'content_filter', tool: 'tool_calls' } as const;

/** OpenAI's chat completions, as many other providers speak them too. */
export const openai: Protocol = {
  name: 'openai',
  path: '/chat/completions',
  parse(body, headers) {
    if (headers.authorization === undefined) throw new RefusedRequest('There is no authorization header', 401);
    const parsed = requestSchema.safeParse(body);
    if (!parsed.success) throw new RefusedRequest(prettifyError(parsed.error));
    const { model, messages, stream, stream_options, tools = [] } = parsed.data;
    checkToolCalls(
      messages.map((said) => ({
        calls: said.role === 'assistant' ? (said.tool_calls ?? []).map(({ id }) => id) : [],
        answers: said.role === 'tool' ? [said.tool_call_id] : [],
      })),
    );
    return {
      model,
      streamed: stream === true,
      tools: tools.map((tool) => tool.function.name),
      wantsUsage: stream_options?.include_usage === true,
    };
  },
  whole(answer) {
    const calls = answer.tools.map(({ id, name, input }) => ({
      id: `call_${id}`,
      type: 'function',
      function: { name, arguments: JSON.stringify(input) },
    }));
    const said = {
      role: 'assistant',
      content: answer.text ?? null,
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    };
    const choices = [{ index: 0, message: said, finish_reason: finish[answer.stop] }];
    return { ...headOf(answer), object: 'chat.completion', choices, usage: usageOf(answer) };
  },
  stream(answer, { wantsUsage }) {
    const chunk = (choices: readonly object[], more: object = {}) =>
      `data: ${JSON.stringify({ ...headOf(answer), object: 'chat.completion.chunk', choices, ...more })}\n\n`;
    const delta = (piece: object) => chunk([{ index: 0, delta: piece, finish_reason: null }]);
    const [start, rest] = halves(answer.text ?? '');
    const calls = answer.tools.flatMap(({ id, name, input }, index) => {
      const [first, second] = halves(JSON.stringify(input));
      const call = { index, id: `call_${id}`, type: 'function', function: { name, arguments: '' } };
      const more = [first, second].map((piece) => delta({ tool_calls: [{ index, function: { arguments: piece } }] }));
      return [delta({ tool_calls: [call] }), ...more];
    });
    const first = [delta({ role: 'assistant', content: '' }), delta({ content: start })];
    const end = chunk([{ index: 0, delta: {}, finish_reason: finish[answer.stop] }]);
    const usage = wantsUsage ? [chunk([], { usage: usageOf(answer) })] : [];
    return [first.join(''), [delta({ content: rest }), ...calls, end, ...usage, 'data: [DONE]\n\n'].join('')];
  },
  error(status, text) {
    const type = { 401: 'invalid_request_error', 429: 'rate_limit_exceeded' }[status];
    return {
      error: { message: text, type: type ?? (status < 500 ? 'invalid_request_error' : 'server_error'), code: null },
    };
  },
  errorEvent: (text) => `data: ${JSON.stringify(openai.error(500, text))}\n\n`,
};

/** The beginning of every object of an answer; the time is fixed, so that answers are the same in every run. */
const headOf = ({ number, model }: Answer) => ({ id: `chatcmpl-${number}`, created: 1_700_000_000, model });

const usageOf = ({ usage: { input, output } }: Answer) => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
});
