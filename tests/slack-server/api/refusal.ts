import type { z } from 'zod';

/** Slack says no: `ok: false` with this error. */
export class Refusal extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  /** `details` are further fields of the answer. */
  constructor(code: string, details: Readonly<Record<string, unknown>> = {}) {
    super(`Slack refuses: ${code}`);
    this.code = code;
    this.details = details;
  }
}

/** A refusal that says what is wrong and where, as Slack does: `[ERROR] … [json-pointer:/blocks/0/text]`. */
export function refuseInvalid(code: string, problems: readonly string[]): Refusal {
  return new Refusal(code, {
    errors: problems,
    response_metadata: { messages: problems.map((problem) => `[ERROR] ${problem}`) },
  });
}

/** What a schema found wrong, in Slack's words, each with its place below `root`. */
export function problemsOf(error: z.ZodError, root: string): readonly string[] {
  return error.issues.map((issue) => `${say(issue)} [json-pointer:${[root, ...issue.path.map(String)].join('/')}]`);
}

function say(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `invalid additional property: ${issue.keys.join(', ')}`;
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) return 'unsupported type';
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return `missing required field: ${String(issue.path.at(-1))}`;
  const unit = 'origin' in issue && issue.origin === 'array' ? 'items' : 'characters';
  if (issue.code === 'too_big') return `must be less than ${Number(issue.maximum) + 1} ${unit}`;
  if (issue.code === 'too_small') return `must be more than ${Number(issue.minimum) - 1} ${unit}`;
  return issue.message;
}
