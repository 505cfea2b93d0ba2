import { createContext, runInContext } from 'node:vm';
import { z } from 'zod';
import type { QuestionOption } from '#core/task/asked.ts';

/** What a form may be answered with. */
export type FieldValue = string | number | boolean | string[];

const choice = z.object({ const: z.string(), title: z.string().nullish(), description: z.string().nullish() });
const words = {
  title: z.string().nullish(),
  description: z.string().nullish(),
  /** What the agent takes where nothing is said. */
  default: z
    .union([z.string(), z.number(), z.boolean(), z.array(z.string())])
    .nullish()
    .catch(undefined),
};
const count = z.number().nullish();

/** A field of a form as far as a thread can ask for it: one question each. */
export const formField = z.discriminatedUnion('type', [
  z.object({
    ...words,
    type: z.literal('string'),
    minLength: count,
    maxLength: count,
    pattern: z.string().nullish(),
    format: z.string().nullish(),
    enum: z.array(z.string()).nullish(),
    oneOf: z.array(choice).nullish(),
  }),
  z.object({ ...words, type: z.enum(['number', 'integer']), minimum: count, maximum: count }),
  z.object({ ...words, type: z.literal('boolean') }),
  z.object({
    ...words,
    type: z.literal('array'),
    minItems: count,
    maxItems: count,
    items: z.union([
      z.object({ anyOf: z.array(choice) }),
      z.object({ enum: z.array(z.string()) }).transform(({ enum: values }) => ({ anyOf: values.map(named) })),
    ]),
  }),
]);
export type FormField = z.output<typeof formField>;

type Choice = z.output<typeof choice>;

/** What a person may press; none where words are needed. */
export function optionsOf(field: FormField): readonly QuestionOption[] {
  switch (field.type) {
    case 'boolean':
      return [
        { value: 'true', label: 'Yes' },
        { value: 'false', label: 'No' },
      ];
    case 'string':
      return choicesOf(field).map((each) => ({ value: each.const, label: labelOf(each) }));
    default:
      return [];
  }
}

/** The answer that stands for the field's own default, as a person would give it; none where it has none that fits. */
export function defaultOf(field: FormField): string | undefined {
  if (field.default == null) return undefined;
  const values = [field.default].flat().map(String);
  const said = values.map((each) => optionsOf(field).find(({ value }) => value === each)?.label ?? each).join(', ');
  return 'value' in readAnswer(said, field) ? said : undefined;
}

/** What a person must know to answer in words. */
export function hintOf(field: FormField): string | undefined {
  if (field.type === 'array') {
    const choices = field.items.anyOf.map((each, index) => `${index + 1}: ${explained(each)}`);
    return `Answer with one or more, with commas between: ${choices.join(' · ')}`;
  }
  if (field.type !== 'string') return undefined;
  const meant = choicesOf(field).filter(({ description }) => description != null && description !== '');
  return meant.length === 0 ? undefined : meant.map(explained).join(' · ');
}

function explained(each: Choice): string {
  const { description } = each;
  return description == null || description === '' ? labelOf(each) : `${labelOf(each)} (${description})`;
}

function choicesOf({ oneOf, enum: values }: Extract<FormField, { type: 'string' }>): readonly Choice[] {
  return oneOf ?? (values ?? []).map(named);
}

function named(value: string): Choice {
  return { const: value };
}

export type ReadAnswer = { readonly value: FieldValue } | { readonly problem: string };

/** What an answer means; a problem is said to the person, who is asked again. */
export function readAnswer(answer: string, field: FormField): ReadAnswer {
  const said = optionsOf(field).find(({ label }) => label === answer)?.value ?? answer.trim();
  switch (field.type) {
    case 'boolean':
      return said === 'true' || said === 'false' ? { value: said === 'true' } : { problem: 'Answer Yes or No' };
    case 'number':
    case 'integer':
      return numberOf(said, field);
    case 'array':
      return chosen(said, field);
    case 'string':
      return wordsOf(said, field);
  }
}

function wordsOf(said: string, field: Extract<FormField, { type: 'string' }>): ReadAnswer {
  const { minLength, maxLength, pattern, format } = field;
  const choices = choicesOf(field);
  if (choices.length > 0) {
    const found = choices.find((each, index) => isMeant(said, each, index));
    return found === undefined ? { problem: `“${said}” is none of them` } : { value: found.const };
  }
  const length = [...said].length;
  if (length < (minLength ?? 0) || length > (maxLength ?? Number.POSITIVE_INFINITY))
    return { problem: `It must have ${range(minLength, maxLength)} characters` };
  const known = format == null ? undefined : formats[format];
  if (known?.fits(said) === false) return { problem: `It must be ${known.words}` };
  return pattern != null && !fitsPattern(said, pattern) ? { problem: `It must fit ${pattern}` } : { value: said };
}

/** What the protocol has of formats. */
const formats: Readonly<Record<string, { readonly words: string; fits(said: string): boolean }>> = {
  email: { words: 'an address of electronic mail', fits: (said) => z.email().safeParse(said).success },
  uri: { words: 'an address (https://…)', fits: URL.canParse },
  date: { words: 'a day (2026-11-26)', fits: (said) => z.iso.date().safeParse(said).success },
  'date-time': {
    words: 'a moment (2026-11-26T12:00:00Z)',
    fits: (said) => z.iso.datetime({ offset: true }).safeParse(said).success,
  },
};

/** An expression comes from an agent and can take for ever: it gets this long, in milliseconds. */
const patternMs = 100;

/** Whether words fit an expression; one that can not be read, or takes too long, is left to the agent. */
function fitsPattern(said: string, pattern: string): boolean {
  try {
    const context = createContext({ said, pattern });
    return runInContext('new RegExp(pattern, "u").test(said)', context, { timeout: patternMs }) === true;
  } catch {
    return true;
  }
}

function numberOf(
  said: string,
  { type, minimum, maximum }: Extract<FormField, { type: 'number' | 'integer' }>,
): ReadAnswer {
  const value = said === '' ? Number.NaN : Number(said);
  if (!Number.isFinite(value) || (type === 'integer' && !Number.isInteger(value)))
    return { problem: type === 'integer' ? 'It must be a whole number' : 'It must be a number' };
  return value < (minimum ?? value) || value > (maximum ?? value)
    ? { problem: `It must be ${range(minimum, maximum)}` }
    : { value };
}

function chosen(said: string, { items, minItems, maxItems }: Extract<FormField, { type: 'array' }>): ReadAnswer {
  const wanted = said
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  const found = wanted.map((each) => items.anyOf.find((one, index) => isMeant(each, one, index)));
  const missing = wanted.find((_, index) => found[index] === undefined);
  if (missing !== undefined) return { problem: `“${missing}” is none of them` };
  const value = [...new Set(found.flatMap((each) => each?.const ?? []))];
  return value.length < (minItems ?? 0) || value.length > (maxItems ?? value.length)
    ? { problem: `Choose ${range(minItems, maxItems)} of them` }
    : { value };
}

function isMeant(said: string, one: Choice, index: number): boolean {
  return (
    said === String(index + 1) || [one.const, labelOf(one)].some((each) => each.toLowerCase() === said.toLowerCase())
  );
}

function labelOf({ const: value, title }: Choice): string {
  return title ?? value;
}

function range(from: number | null | undefined, to: number | null | undefined): string {
  if (from == null) return `at most ${to}`;
  return to == null ? `at least ${from}` : `${from} to ${to}`;
}
