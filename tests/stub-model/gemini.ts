import { prettifyError, z } from 'zod';
import { checkToolCalls, type Protocol, RefusedRequest } from './protocol.ts';
import { type Answer, halves } from './turns.ts';

// Gemini's generateContent: https://ai.google.dev/api/generate-content

const named = z.looseObject({ name: z.string() });
const part = z.looseObject({ functionCall: named.optional(), functionResponse: named.optional() });
const requestSchema = z.looseObject({
  contents: z.array(z.looseObject({ role: z.enum(['user', 'model']).optional(), parts: z.array(part) })).min(1),
  tools: z.array(z.looseObject({ functionDeclarations: z.array(named).optional() })).optional(),
});

const finish = { end: 'STOP', length: 'MAX_TOKENS', refusal: 'SAFETY', tool: 'STOP' } as const;

/** Gemini's API. The model is in the path; a stream is one, since its path says so. */
export const gemini: Protocol = {
  name: 'gemini',
  path: ':streamGenerateContent',
  parse(body, headers) {
    if (headers['x-goog-api-key'] === undefined) throw new RefusedRequest('There is no x-goog-api-key header', 401);
    const parsed = requestSchema.safeParse(body);
    if (!parsed.success) throw new RefusedRequest(prettifyError(parsed.error));
    // A call and its answer have the same name, and stand in contents that follow each other.
    checkToolCalls(
      parsed.data.contents.map(({ parts }) => ({
        calls: parts.flatMap(({ functionCall: call }) => (call === undefined ? [] : [call.name])),
        answers: parts.flatMap(({ functionResponse: answer }) => (answer === undefined ? [] : [answer.name])),
      })),
    );
    const tools = (parsed.data.tools ?? []).flatMap(({ functionDeclarations = [] }) => functionDeclarations);
    return { model: 'stub', streamed: true, tools: tools.map(({ name }) => name), wantsUsage: true };
  },
  whole: (answer) => chunk(answer, [...textOf(answer.text ?? ''), ...callsOf(answer)], 'last'),
  stream(answer) {
    const [start, rest] = halves(answer.text ?? '');
    const event = (data: object) => `data: ${JSON.stringify(data)}\r\n\r\n`;
    return [
      event(chunk(answer, textOf(start), 'more')),
      event(chunk(answer, [...textOf(rest), ...callsOf(answer)], 'last')),
    ];
  },
  error: (code, message) => ({
    error: { code, message, status: code === 401 ? 'UNAUTHENTICATED' : 'INVALID_ARGUMENT' },
  }),
  errorEvent: (message) => `data: ${JSON.stringify(gemini.error(500, message))}\r\n\r\n`,
};

const textOf = (text: string) => (text === '' ? [] : [{ text }]);

const callsOf = ({ tools }: Answer) =>
  tools.map(({ id, name, input }) => ({ functionCall: { id: `call_${id}`, name, args: input } }));

function chunk({ stop, usage, model }: Answer, parts: readonly object[], which: 'more' | 'last'): object {
  const end = which === 'last' ? { finishReason: finish[stop] } : {};
  const { input, output } = usage;
  return {
    candidates: [{ index: 0, content: { role: 'model', parts: parts.length === 0 ? [{ text: '' }] : parts }, ...end }],
    usageMetadata: { promptTokenCount: input, candidatesTokenCount: output, totalTokenCount: input + output },
    modelVersion: model,
  };
}
