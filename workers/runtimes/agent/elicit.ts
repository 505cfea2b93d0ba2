import type { CreateElicitationRequest, CreateElicitationResponse } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import type { Question, QuestionOption } from '#core/task/asked.ts';
import { plainText } from '#core/text/sanitise.ts';
import { defaultOf, type FieldValue, type FormField, formField, hintOf, optionsOf, readAnswer } from './form-field.ts';

/** Asks a person; `undefined` when nobody answered. */
export type AskPerson = (
  text: string,
  options: readonly QuestionOption[],
  /** What is taken when nobody answers in time. */
  otherwise?: string,
) => Promise<Question | undefined>;

const form = z.object({
  mode: z.literal('form'),
  message: z.string(),
  requestedSchema: z.object({
    properties: z.record(z.string(), z.unknown()).default({}),
    description: z.string().nullish().catch(undefined),
    required: z.array(z.string()).nullish(),
  }),
});

const fieldLimit = 10;
const textLength = 1_000;
/** A person is told what is wrong with an answer so often. */
const mostTries = 3;
/** The answer that leaves a field out that need not be there. */
const nothing = '-';

/** What an agent wants to know, asked field by field in the thread. What a thread can't ask is declined, so that the agent goes on. */
export async function elicit(request: CreateElicitationRequest, ask: AskPerson): Promise<CreateElicitationResponse> {
  const parsed = form.safeParse(request);
  if (!parsed.success) return { action: 'decline' };
  const { requestedSchema } = parsed.data;
  const { description, required } = requestedSchema;
  const message = [parsed.data.message, description ?? ''].filter((each) => each !== '').join(' — ');
  const entries = Object.entries(requestedSchema.properties);
  if (entries.length > fieldLimit) return { action: 'decline' };
  const content: Record<string, FieldValue> = {};
  for (const [name, schema] of entries) {
    const field = formField.safeParse(schema);
    if (!field.success) return { action: 'decline' };
    // A form of one field is a question: who answers it leaves nothing out.
    const optional = entries.length > 1 && required?.includes(name) !== true;
    const words = questionOf(message, name, field.data, { alone: entries.length === 1, optional });
    const answer = await answerTo(words, field.data, { ask, optional });
    if (typeof answer === 'string') return { action: answer };
    if (answer.value !== undefined) content[name] = answer.value;
  }
  return { action: 'accept', content };
}

/** The value of one field; none where it was left out; how the request ends where there is no answer that can be used. */
async function answerTo(
  words: string,
  field: FormField,
  { ask, optional }: { readonly ask: AskPerson; readonly optional: boolean },
): Promise<{ readonly value?: FieldValue } | 'cancel' | 'decline'> {
  let problem = '';
  for (let tries = 0; tries < mostTries; tries += 1) {
    const question = await ask(
      plainText(`${problem}${words}`, { maxLength: textLength }),
      optionsOf(field),
      defaultOf(field),
    );
    if (question?.status === 'timed-out' && question.answer === undefined) return optional ? {} : 'cancel';
    if (question?.status !== 'answered' && question?.status !== 'timed-out') return 'cancel';
    const said = question.answer ?? '';
    if (optional && said.trim() === nothing) return {};
    const answer = readAnswer(said, field);
    if ('value' in answer) return answer;
    problem = `${answer.problem}. `;
  }
  return 'decline';
}

function questionOf(
  message: string,
  name: string,
  field: FormField,
  { alone, optional }: { readonly alone: boolean; readonly optional: boolean },
): string {
  const { title, description } = field;
  const about = [title ?? name, description ?? ''].filter((each) => each !== '').join(': ');
  const plain = alone && title == null && description == null;
  const hint = hintOf(field);
  return [
    plain ? message : `${message} (${about})`,
    ...(hint === undefined ? [] : [hint]),
    ...(optional ? [`Answer “${nothing}” to leave it out`] : []),
  ].join('. ');
}
