import { z } from 'zod';
import { dayBudget } from '../agents/budget.ts';
import { reviewer } from '../agents/reviewer.ts';
import { questions } from '../policy/answer-time.ts';
import { deciders } from '../policy/deciders.ts';
import { policyRule } from '../policy/rule.ts';
import { usualPriority } from '../understand/priority.ts';
import { routeWords } from '../understand/route-words.ts';
import {
  duration,
  environment,
  identifier,
  line,
  listOf,
  recordOf,
  relativePath,
  size,
  text,
  truth,
  truthOrLine,
  untemplated,
  wholeNumber,
} from './fields.ts';
import { variableOf } from './inputs.ts';
import { maxPatternLength, patternProblem } from './pattern.ts';

const keys = { error: 'must be a set of keys' } as const;

const pattern = z
  .string(text)
  .max(maxPatternLength, `must be at most ${maxPatternLength} characters`)
  .superRefine((source, context) => {
    const problem = patternProblem(source);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

const conditionSays = 'must be transient, any, an exit code from 1 to 255, or `output:` with a pattern';

const condition = z.union(
  [
    z.enum(['transient', 'any'], { error: conditionSays }),
    wholeNumber(1, 255),
    z.strictObject({ output: pattern.meta({ description: 'A pattern found in the last lines of its output.' }) }, keys),
  ],
  { error: conditionSays },
);

const retry = z.strictObject(
  {
    limit: wholeNumber(0, 20).default(0).meta({ description: 'Retries after the first attempt.' }),
    backoff: duration.default('5s').meta({ description: 'Wait before the first retry; doubled with each.' }),
    on: z
      .union([condition, listOf(condition, 20).min(1, 'needs at least one condition')], { error: conditionSays })
      .default('transient')
      .meta({
        description:
          'Which failures are tried again. transient: exit code 75, a time-out, a network error. Or any, exit codes, or patterns of its output.',
      }),
  },
  keys,
);

/** The hint for a template in a script, with the variable that was meant. */
function untemplate(script: string): string {
  const name = /\{\{\s?([\w-]{1,40})/.exec(script)?.[1] ?? 'version';
  return `must not contain {{${name}}}: a shell would interpret it. Use the variable "$${variableOf(name)}"`;
}

/** What is run, shared by steps and checks. */
const commandFields = {
  run: z
    .string({ error: 'must be a shell script' })
    .min(1, 'must not be empty')
    .max(20_000, 'must be at most 20000 characters: put a longer script into a file of the project')
    .regex(/^[^\0]*$/, 'must not contain NUL')
    .regex(untemplated, { error: ({ input }) => untemplate(String(input)) })
    .optional()
    .meta({ description: 'A shell script; it stops at the first command that fails. Inputs: "$INPUT_VERSION".' }),
  shell: z
    .enum(['sh', 'bash'], { error: 'must be sh or bash' })
    .default('sh')
    .meta({ description: 'Of `run`. sh -e, or bash -e -o pipefail, in which a pipe fails with any of its parts.' }),
  command: line
    .regex(/^\S+$/, 'must be one program: its arguments go into `args`, one a line')
    .regex(untemplated, 'must not contain {{…}}: which program runs is not for an input to say')
    .optional()
    .meta({ description: 'A program, started without a shell.' }),
  args: listOf(
    z
      .string(text)
      .max(10_000, 'must be at most 10000 characters')
      .regex(/^[^\0]*$/, 'must not contain NUL'),
    200,
  )
    .default([])
    .meta({ description: 'Arguments of `command`. May hold {{input}}; each stays one argument.' }),
};

export const step = z.strictObject(
  {
    name: line,
    why: line.optional().meta({ description: 'Shown to people while it runs.' }),
    ...commandFields,
    env: environment.default({}),
    cwd: relativePath.regex(untemplated, 'must not contain {{…}}').default('.'),
    timeout: duration.default('30m'),
    retry: retry.default({ limit: 0, backoff: '5s', on: 'transient' }),
    approve: truthOrLine.default(false).meta({ description: 'Ask a person first; a text says why.' }),
    reversible: truthOrLine.default(true).meta({ description: 'false, or why its effects can’t be taken back.' }),
    safe_to_repeat: truth.default(true).meta({ description: 'false: after a crash in the middle a person is asked.' }),
    outputs: listOf(relativePath.regex(untemplated, 'must not contain {{…}}: use a glob, for example "dist/*.zip"'), 50)
      .default([])
      .meta({ description: 'Files to publish, as globs.' }),
    checkpoint: truthOrLine.default(false).meta({ description: 'A named point to revert to after this step.' }),
    expect: line.optional().meta({ description: 'What should be so afterwards, for the plan that people see.' }),
  },
  keys,
);

const namedCheck = z.strictObject({ name: line, ...commandFields, timeout: duration.default('10m') }, keys);

export const check = z.union([namedCheck.shape.run.unwrap(), namedCheck], {
  error: 'must be a shell script, or keys with a name',
});

const checks = listOf(check, 20);

export const input = z.strictObject(
  {
    type: z
      .enum(['string', 'number', 'boolean', 'enum', 'path'], {
        error: 'must be string, number, boolean, enum or path',
      })
      .default('string'),
    summary: line.optional(),
    required: truth.optional().meta({ description: 'Without a default an input is required, unless this is false.' }),
    default: z
      .union([z.string(), z.number(), z.boolean()], { error: 'must be text, a number, true or false' })
      .optional(),
    pattern: pattern.optional().meta({ description: 'A regular expression that the whole value must match.' }),
    options: listOf(line, 50).min(1, 'needs at least one option').optional(),
    min: z.number({ error: 'must be a number' }).optional(),
    max: z.number({ error: 'must be a number' }).optional(),
  },
  keys,
);

const runbook = z.strictObject(
  {
    name: line.optional(),
    summary: line,
    aliases: listOf(line, 20).default([]).meta({ description: 'Other ways to say it.' }),
    inputs: recordOf(identifier, input, 30, keys.error).default({}),
    steps: listOf(step, 100).min(1, 'needs at least one step'),
    verify: checks.optional().meta({ description: 'Instead of the project’s checks; [] for none.' }),
    priority: wholeNumber(0, 100).default(usualPriority).meta({ description: '0 is first, 100 is last.' }),
    scope: listOf(relativePath, 50).default([]).meta({ description: 'What it works on; none: the whole project.' }),
    concurrency: wholeNumber(1, 100).optional().meta({ description: 'Runs of this runbook at once.' }),
    risk: z.enum(['low', 'medium', 'high'], { error: 'must be low, medium or high' }).optional(),
  },
  keys,
);

export const projectFile = z.strictObject(
  {
    name: line.optional(),
    summary: line.optional(),
    runbooks: recordOf(identifier, runbook, 200, 'must be runbooks by their names').default({}),
    verify: checks.default([]).meta({ description: 'Checks that Commander runs on the final commit of every task.' }),
    agent: identifier.optional().meta({ description: 'The coding agent that does what no runbook does.' }),
    reviewer: reviewer
      .optional()
      .meta({ description: 'Who takes over, once, where an agent gets no further or can not mend failed checks.' }),
    budget: dayBudget
      .optional()
      .meta({ description: 'What agents may use here in a day, beside what the installation says.' }),
    policy: listOf(policyRule, 100)
      .default([])
      .meta({ description: 'What agents may do here: can only be stricter than the policy of the installation.' }),
    routes: listOf(routeWords, 50)
      .default([])
      .meta({ description: 'Words that lead requests here which name no project, beside what was said in the chat.' }),
    limits: z
      .strictObject(
        {
          concurrency: wholeNumber(1, 100).optional(),
          memory: size.optional().meta({
            description:
              'Of all processes of a step, an agent or a check together: can only be less than what the installation says.',
          }),
        },
        keys,
      )
      .default({}),
    approvals: deciders
      .optional()
      .meta({ description: 'Who decides approvals here: can only be stricter than what the installation says.' }),
    questions: questions.optional().meta({ description: 'How people are asked about tasks here.' }),
  },
  keys,
);

/** A project's `commander.yaml`, with every default filled in. */
export type ProjectFile = z.infer<typeof projectFile>;
export type Runbook = z.infer<typeof runbook>;
export type RunbookStep = z.infer<typeof step>;
export type RunbookInput = z.infer<typeof input>;
export type Check = z.infer<typeof check>;

/** The file's JSON Schema (draft 2020-12), for editors. What spans several keys is checked by Commander alone. */
export function jsonSchema(): object {
  return { title: 'commander.yaml', ...z.toJSONSchema(projectFile, { io: 'input' }) };
}
