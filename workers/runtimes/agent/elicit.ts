import type { CreateElicitationRequest, CreateElicitationResponse } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import type { Question, QuestionOption } from '#core/task/state.ts';
import { plainText } from '#core/text/sanitise.ts';

/** Asks a person; `undefined` when nobody answered. */
export type AskPerson = (text: string, options: readonly QuestionOption[]) => Promise<Question | undefined>;

type Value = string | number | boolean;

/** A field of a form as far as a thread can ask for it: one question each. */
const field = z.object({
  type: z.enum(['string', 'number', 'integer', 'boolean']),
  title: z.string().nullish(),
  description: z.string().nullish(),
  enum: z.array(z.string()).nullish(),
  oneOf: z.array(z.object({ const: z.string(), title: z.string().nullish() })).nullish(),
  default: z.union([z.string(), z.number(), z.boolean()]).nullish(),
});

const form = z.object({
  mode: z.literal('form'),
  message: z.string(),
  requestedSchema: z.object({
    properties: z.record(z.string(), z.unknown()).default({}),
    required: z.array(z.string()).nullish(),
  }),
});

const fieldLimit = 10;
const textLength = 1_000;

/** What an agent wants to know, asked field by field in the thread. What a thread can't ask is declined, so that the agent goes on. */
export async function elicit(request: CreateElicitationRequest, ask: AskPerson): Promise<CreateElicitationResponse> {
  const parsed = form.safeParse(request);
  if (!parsed.success) return { action: 'decline' };
  const { message, requestedSchema } = parsed.data;
  const fields = Object.entries(requestedSchema.properties).slice(0, fieldLimit);
  const content: Record<string, Value> = {};
  for (const [name, schema] of fields) {
    const known = field.safeParse(schema);
    if (!known.success) return { action: 'decline' };
    const answer = await ask(questionOf(message, name, known.data, fields.length), optionsOf(known.data));
    if (answer?.status !== 'answered') return { action: 'cancel' };
    const value = answerOf(answer, known.data);
    if (value === undefined) return { action: 'decline' };
    content[name] = value;
  }
  return { action: 'accept', content };
}

function questionOf(
  message: string,
  name: string,
  { title, description }: z.infer<typeof field>,
  fields: number,
): string {
  const about = [title ?? name, description ?? ''].filter((each) => each !== '').join(': ');
  return plainText(fields === 1 && title == null && description == null ? message : `${message} (${about})`, {
    maxLength: textLength,
  });
}

function optionsOf({ type, enum: values, oneOf }: z.infer<typeof field>): readonly QuestionOption[] {
  if (type === 'boolean') {
    return [
      { value: 'true', label: 'Yes' },
      { value: 'false', label: 'No' },
    ];
  }
  if (oneOf != null) return oneOf.map((each) => ({ value: each.const, label: each.title ?? each.const }));
  return (values ?? []).map((value) => ({ value, label: value }));
}

/** An answer is stored by its label, for people; the form wants the value. */
function answerOf({ answer = '' }: Question, schema: z.infer<typeof field>): Value | undefined {
  const said = optionsOf(schema).find(({ label }) => label === answer)?.value ?? answer.trim();
  switch (schema.type) {
    case 'boolean':
      return said === 'true' ? true : said === 'false' ? false : undefined;
    case 'number':
    case 'integer':
      return said !== '' && Number.isFinite(Number(said)) ? Number(said) : undefined;
    default:
      return said;
  }
}
