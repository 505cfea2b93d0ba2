import { nearest } from '#core/text/nearest.ts';
import { plainText } from '#core/text/sanitise.ts';
import { compilePattern } from './pattern.ts';
import type { Runbook, RunbookInput } from './schema.ts';

export type InputCheck =
  | { readonly ok: true; readonly values: Readonly<Record<string, string>> }
  /** By input: a sentence that says what is wrong and what to give. */
  | { readonly ok: false; readonly problems: Readonly<Record<string, string>> };

/**
 * Checks what a person gave for a runbook's inputs and fills in defaults; an optional input that nobody gave is the empty text.
 * Values stay foreign text: of the declared kind, one line, but no safer than that.
 */
export function checkInputs(runbook: Pick<Runbook, 'inputs'>, given: Readonly<Record<string, string>>): InputCheck {
  const wanted = new Map(Object.entries(runbook.inputs));
  const values: [string, string][] = [];
  const problems = Object.keys(given)
    .filter((name) => !wanted.has(name))
    .map((name): [string, string] => [name, unknownInput(name, [...wanted.keys()])]);
  for (const [name, input] of wanted) {
    const text = Object.hasOwn(given, name) ? given[name] : undefined;
    if (text === undefined || text === '') {
      if (isRequired(input)) problems.push([name, `“${name}” is needed${hintOf(input)}.`]);
      else values.push([name, String(input.default ?? '')]);
      continue;
    }
    const read = readValue(input, text);
    if ('value' in read) values.push([name, read.value]);
    else problems.push([name, `“${name}” ${read.problem}${hintOf(input)}; you gave “${shown(text)}”.`]);
  }
  if (problems.length > 0) return { ok: false, problems: Object.fromEntries(problems) };
  return { ok: true, values: Object.fromEntries(values) };
}

/** Whether a run can't start without somebody giving this input. */
export function isRequired(input: RunbookInput): boolean {
  return input.default === undefined && input.required !== false;
}

/** Whether a text can be the value of an input. */
export function fits(input: RunbookInput, text: string): boolean {
  return 'value' in readValue(input, text);
}

/** The variable that tells a command an input: INPUT_DRY_RUN for `dry-run`. */
export function variableOf(input: string): string {
  return `INPUT_${input.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`;
}

/** Longest value, in UTF-16 units: it stands in cards, arguments and variables. */
const longestValue = 1000;

/** A text as the value of an input (an option as it is declared, true or false), or what it must be instead. */
export function readValue(
  input: RunbookInput,
  text: string,
): { readonly value: string } | { readonly problem: string } {
  if (/[\0-\x1f\x7f\u2028\u2029]/.test(text)) return { problem: 'must be one line without control characters' };
  if (text.length > longestValue) return { problem: `must be at most ${longestValue} characters` };
  switch (input.type) {
    case 'number':
      return isNumber(input, text) ? { value: text } : { problem: `must be a number${rangeOf(input)}` };
    case 'boolean':
      return readTruth(text);
    case 'enum':
      return readOption(input.options ?? [], text);
    case 'path':
      return isInside(text) ? readText(input, text) : { problem: 'must be a path inside the project, without ".."' };
    case 'string':
      return readText(input, text);
  }
}

function readText(input: RunbookInput, text: string): { value: string } | { problem: string } {
  if (input.pattern !== undefined) {
    if (compilePattern(input.pattern).matches(text)) return { value: text };
    // Its summary is for people; the pattern itself only where there is none.
    return { problem: input.summary === undefined ? `must look like ${input.pattern}` : 'does not fit' };
  }
  // A command would read it as an option of its own; a pattern that allows it says that the author thought of that.
  return text.startsWith('-') ? { problem: 'must not begin with “-”' } : { value: text };
}

function readTruth(text: string): { value: string } | { problem: string } {
  if (/^(true|yes|on|1)$/i.test(text)) return { value: 'true' };
  if (/^(false|no|off|0)$/i.test(text)) return { value: 'false' };
  return { problem: 'must be true or false' };
}

function readOption(options: readonly string[], text: string): { value: string } | { problem: string } {
  const value = options.find((option) => option === text) ?? options.find((option) => sameWord(option, text));
  return value === undefined ? { problem: `must be one of ${options.join(', ')}` } : { value };
}

function sameWord(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function isNumber({ min = -Infinity, max = Infinity }: RunbookInput, text: string): boolean {
  const number = Number(text);
  return /^-?\d{1,20}(\.\d{1,20})?$/.test(text) && number >= min && number <= max;
}

function rangeOf({ min, max }: RunbookInput): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
}

function isInside(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !path.includes('\\') && !path.split('/').includes('..');
}

function hintOf({ summary }: RunbookInput): string {
  return summary === undefined ? '' : ` (${summary})`;
}

function unknownInput(name: string, known: readonly string[]): string {
  const [near] = nearest(name, known, 1);
  const instead =
    near === undefined ? (known.length === 0 ? 'there are none' : known.join(', ')) : `did you mean “${near}”?`;
  return `There is no input “${shown(name)}”: ${instead}`;
}

/** Of a value in a message: enough to recognise it. */
const shownLength = 60;

function shown(text: string): string {
  return plainText(text, { singleLine: true, maxLength: shownLength });
}
