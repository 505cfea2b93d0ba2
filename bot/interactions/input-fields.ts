import type { ModalField } from '#core/chat/modal.ts';
import { isRequired } from '#core/project-file/inputs.ts';
import type { Runbook, RunbookInput } from '#core/project-file/schema.ts';

/** A select can't be left without a choice: this one says that nothing is given. */
const nothing = '-';

/** The inputs of a runbook as fields of a form, the named ones first (a platform may have room for few), then those without a default. */
export function inputFields(
  { inputs }: Pick<Runbook, 'inputs'>,
  values: Readonly<Record<string, string>>,
  first: readonly string[] = [],
): readonly ModalField[] {
  const rank = ([name, input]: readonly [string, RunbookInput]) =>
    first.includes(name) ? 0 : isRequired(input) ? 1 : 2;
  return Object.entries(inputs)
    .sort((a, b) => rank(a) - rank(b))
    .map(([name, input]) => inputField(name, input, values[name] ?? String(input.default ?? '')));
}

/** The values that a form of such fields was submitted with, by input; a field that was not shown says nothing. */
export function inputValues(
  { inputs }: Pick<Runbook, 'inputs'>,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const given = Object.keys(inputs).flatMap((name) => {
    const value = values[fieldName(name)];
    return value === undefined ? [] : [[name, value === nothing ? '' : value.trim()] as const];
  });
  return Object.fromEntries(given);
}

/** Problems of inputs as problems of their fields. */
export function inputProblems(problems: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(problems).map(([name, problem]) => [fieldName(name), problem]));
}

function fieldName(input: string): string {
  return `input.${input}`;
}

function inputField(name: string, input: RunbookInput, value: string): ModalField {
  const about = { name: fieldName(name), label: name };
  if (input.type === 'enum') return select(about, input, { options: input.options ?? [], value });
  if (input.type === 'boolean') return select(about, input, { options: ['true', 'false'], value });
  const hint = hintOf(input);
  return {
    kind: 'text',
    ...about,
    value,
    ...(hint === '' ? {} : { hint }),
    ...(isRequired(input) ? {} : { optional: true }),
  };
}

function select(
  { name, label }: { readonly name: string; readonly label: string },
  input: RunbookInput,
  { options, value }: { readonly options: readonly string[]; readonly value: string },
): ModalField {
  const mayBeNothing = !isRequired(input) && input.default === undefined;
  const words = input.type === 'boolean' ? { true: 'yes', false: 'no' } : undefined;
  const named = options.map((option) => ({ value: option, label: words?.[option as 'true' | 'false'] ?? option }));
  const chosen = value === '' && mayBeNothing ? nothing : value;
  return {
    kind: 'select',
    name,
    label: input.summary === undefined ? label : `${label}: ${input.summary}`,
    options: [...(mayBeNothing ? [{ value: nothing, label: 'nothing' }] : []), ...named],
    ...(chosen === '' ? {} : { value: chosen }),
  };
}

function hintOf({ summary, type, pattern, min, max }: RunbookInput): string {
  const range = [min === undefined ? '' : `at least ${min}`, max === undefined ? '' : `at most ${max}`].filter(Boolean);
  const kind = { string: '', number: 'a number', path: 'a path inside the project', boolean: '', enum: '' }[type];
  const shape = pattern === undefined || summary !== undefined ? '' : `looks like ${pattern}`;
  return [summary ?? '', [kind, ...range].filter(Boolean).join(', '), shape].filter(Boolean).join('; ');
}
