import { z } from 'zod';

/** A time: a number of seconds, or a number with ms, s, m or h. */
const duration = z
  .union([z.number().positive(), z.string().regex(/^\d+(\.\d+)?\s*(ms|s|m|h)$/)], {
    error: 'must be a number of seconds, or a time such as "30s", "10m" or "1h"',
  })
  .meta({ description: 'Seconds, or a time such as "30s", "10m", "1h".' });

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Node's timers count at most 2^31 - 1 ms (24.8 days). */
const longestMs = 2_147_483_647;

/** A duration of the file in milliseconds. */
export function durationMs(value: number | string): number {
  if (typeof value === 'number') return Math.min(value * 1000, longestMs);
  const match = /^([\d.]+)\s*(ms|s|m|h)$/.exec(value);
  const unit = units[(match?.[2] ?? 's') as keyof typeof units];
  return Math.min(Number(match?.[1] ?? 0) * unit, longestMs);
}

const line = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\n\r\0]*$/, 'must be one line');

const relativePath = z
  .string()
  .max(500)
  .regex(/^(?!\/)(?!(.*\/)?\.\.(\/|$))[^\0\n\r\\]*$/, 'must be a path inside the project: relative, without ".."');

/** Variables that would change how Commander or the loader starts a program are not a project's to set. */
const environment = z.record(
  z
    .string()
    .regex(/^[A-Za-z_]\w*$/, 'must be a variable name: letters, digits and _')
    .regex(
      /^(?!(LD_|DYLD_|GIT_|COMMANDER_|INPUT_|NODE_OPTIONS$|BASH_ENV$|ENV$|PATH$))/,
      'is set by Commander and can not be changed here',
    ),
  z
    .string()
    .max(10_000)
    .regex(/^[^\0]*$/),
);

const retry = z.strictObject({
  limit: z.number().int().min(0).max(20).default(0).meta({ description: 'Retries after the first attempt.' }),
  backoff: duration.default('5s'),
  on: z
    .union([
      z.enum(['transient', 'any']),
      z.array(z.union([z.enum(['transient', 'any']), z.number().int().min(1).max(255)])),
    ])
    .default('transient')
    .meta({ description: 'transient: exit code 75, a time-out, a network error. Or "any", or exit codes.' }),
});

const commandFields = {
  run: z
    .string()
    .min(1)
    .max(20_000)
    .regex(
      /^(?![\s\S]*\{\{)/,
      'must not contain {{…}}: an input reaches a script as a variable, for example "$INPUT_VERSION"',
    )
    .optional()
    .meta({ description: 'A shell script (sh -e). Inputs are variables: "$INPUT_VERSION".' }),
  command: line.optional(),
  args: z
    .array(z.string().max(10_000))
    .max(200)
    .default([])
    .meta({ description: 'May hold {{input}}; each stays one argument.' }),
};

const oneCommand = [
  (step: { run?: string; command?: string }) => (step.run === undefined) !== (step.command === undefined),
  'needs either `run` (a script) or `command` with `args`, and not both',
] as const;

const step = z
  .strictObject({
    name: line,
    why: line.optional(),
    ...commandFields,
    env: environment.default({}),
    cwd: relativePath.default('.'),
    timeout: duration.default('30m'),
    retry: retry.default({ limit: 0, backoff: '5s', on: 'transient' }),
    approve: z.union([z.boolean(), line]).default(false).meta({ description: 'Ask a person first; a text says why.' }),
    reversible: z
      .union([z.boolean(), line])
      .default(true)
      .meta({ description: 'false or a text: has effects outside its files.' }),
    safe_to_repeat: z.boolean().default(true).meta({ description: 'false: after a crash a person is asked.' }),
    outputs: z.array(relativePath).max(50).default([]),
    checkpoint: z.union([z.boolean(), line]).default(false),
  })
  .refine(...oneCommand);

const check = z.union([
  line,
  z.strictObject({ name: line, ...commandFields, timeout: duration.default('10m') }).refine(...oneCommand),
]);

const input = z
  .strictObject({
    type: z.enum(['string', 'number', 'boolean', 'enum', 'path']).default('string'),
    summary: line.optional(),
    default: z.union([z.string(), z.number(), z.boolean()]).optional(),
    pattern: z.string().max(300).refine(isPattern, 'is not a valid regular expression').optional(),
    options: z.array(line).min(1).max(50).optional(),
    min: z.number().optional(),
    max: z.number().optional(),
  })
  .refine(({ type, options }) => type !== 'enum' || options !== undefined, 'of type enum needs `options`');

function isPattern(source: string): boolean {
  try {
    return new RegExp(source).source !== '';
  } catch {
    return false;
  }
}

const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,39}$/, 'must be a short name: a-z, 0-9, - and _, beginning with a letter');

const runbook = z.strictObject({
  name: line.optional(),
  summary: line,
  aliases: z.array(line).max(20).default([]),
  inputs: z.record(identifier, input).default({}),
  steps: z.array(step).min(1, 'needs at least one step').max(100),
  verify: z.array(check).max(20).optional(),
  priority: z.number().int().min(0).max(100).default(50),
  scope: z.array(relativePath).max(50).default([]),
  concurrency: z.number().int().min(1).max(100).optional(),
  risk: z.enum(['low', 'medium', 'high']).optional(),
});

export const projectFile = z.strictObject({
  name: line.optional(),
  summary: line.optional(),
  runbooks: z.record(identifier, runbook).default({}),
  verify: z.array(check).max(20).default([]),
  limits: z.strictObject({ concurrency: z.number().int().min(1).max(100).optional() }).default({}),
});

/** A project's `commander.yaml`, with every default filled in. */
export type ProjectFile = z.infer<typeof projectFile>;
export type Runbook = z.infer<typeof runbook>;
export type RunbookStep = z.infer<typeof step>;
export type RunbookInput = z.infer<typeof input>;

/** The file's JSON Schema, for editors. */
export function projectFileJsonSchema(): object {
  return z.toJSONSchema(projectFile, { io: 'input' });
}
