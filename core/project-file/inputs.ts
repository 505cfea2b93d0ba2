import type { Runbook, RunbookInput } from './schema.ts';

export type InputCheck =
  | { readonly ok: true; readonly values: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problems: Readonly<Record<string, string>> };

/** Checks what a person gave for a runbook's inputs, and fills in defaults. Values stay foreign text, but of the declared kind. */
export function checkInputs(runbook: Runbook, given: Readonly<Record<string, string>>): InputCheck {
  const values: Record<string, string> = {};
  const problems: Record<string, string> = {};
  for (const [name, input] of Object.entries(runbook.inputs)) {
    const value = given[name] ?? (input.default === undefined ? undefined : String(input.default));
    const problem = value === undefined ? `“${name}” is needed${hint(input)}.` : problemOf(name, input, value);
    if (problem === undefined) values[name] = value ?? '';
    else problems[name] = problem;
  }
  return Object.keys(problems).length === 0 ? { ok: true, values } : { ok: false, problems };
}

/** Whether a value fits an input. */
export function fits(input: RunbookInput, value: string): boolean {
  return problemOf('value', input, value) === undefined;
}

function problemOf(name: string, input: RunbookInput, value: string): string | undefined {
  if (/[\0\n\r]/.test(value) || value.length > 1000) return `“${name}” must be one line of at most 1000 characters.`;
  if (input.pattern !== undefined && !new RegExp(input.pattern).test(value)) {
    return `“${name}” must match ${input.pattern}${hint(input)}; you gave “${value}”.`;
  }
  return problemOfType(name, input, value);
}

function problemOfType(name: string, input: RunbookInput, value: string): string | undefined {
  switch (input.type) {
    case 'number':
      return isNumber(input, value) ? undefined : `“${name}” must be a number${range(input)}; you gave “${value}”.`;
    case 'boolean':
      return value === 'true' || value === 'false'
        ? undefined
        : `“${name}” must be true or false; you gave “${value}”.`;
    case 'enum':
      return input.options?.includes(value)
        ? undefined
        : `“${name}” must be one of ${input.options?.join(', ')}; you gave “${value}”.`;
    case 'path':
      return isInside(value) ? undefined : `“${name}” must be a path inside the project; you gave “${value}”.`;
    case 'string':
      // An argument that begins with "-" would be read as an option of the command.
      return value.startsWith('-') && input.pattern === undefined ? `“${name}” must not begin with “-”.` : undefined;
  }
}

function isNumber(input: RunbookInput, value: string): boolean {
  const number = Number(value);
  return /^-?\d+(\.\d+)?$/.test(value) && number >= (input.min ?? -Infinity) && number <= (input.max ?? Infinity);
}

function range({ min, max }: RunbookInput): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
}

function isInside(path: string): boolean {
  return (
    path !== '' &&
    !path.startsWith('/') &&
    !path.startsWith('-') &&
    !path.includes('\\') &&
    !path.split('/').includes('..')
  );
}

function hint(input: RunbookInput): string {
  return input.summary === undefined ? '' : ` (${input.summary})`;
}
