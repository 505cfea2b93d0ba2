import { z } from 'zod';
import { agentSettings } from '../agents/settings.ts';
import { type FileProblem, type FileWords, plainName, problemsIn } from '../file-problems/problems.ts';
import { questions } from '../policy/answer-time.ts';
import { deciders } from '../policy/deciders.ts';
import { line, listOf, size, wholeNumber } from '../project-file/fields.ts';
import { nightHours } from '../task/night.ts';

const keys = { error: 'must be a set of keys' } as const;

/** Where people reach Commander's pages; without the slash at its end. */
export const pagesAddress = z
  .url({ protocol: /^https?$/, error: 'must be an address such as https://commander.example.org' })
  .transform((address) => address.replace(/\/+$/, ''));

/** A Postgres of the operator's own. */
export const databaseAddress = z
  .string({ error: 'must be an address such as postgres://user@host/name' })
  .regex(/^postgres(ql)?:\/\//, 'must be an address such as postgres://user@host/name');

export const logLevel = z.enum(['debug', 'info', 'warn', 'error'], { error: 'must be debug, info, warn or error' });

/** How much may run at once for each; a project's own `limits` can only be less. */
const limits = z.strictObject(
  {
    per_person: wholeNumber(1, 1000).optional().meta({ description: 'Runs of one person at once.' }),
    per_project: wholeNumber(1, 1000).optional().meta({ description: 'Runs in one project at once.' }),
    memory: size.default('8g').meta({ description: 'Memory of all processes of a step or a check together.' }),
  },
  keys,
);

/** Everything that an operator can say about an installation, but for where its data lies and the secrets of chat platforms. */
const settingsFile = z.strictObject(
  {
    port: wholeNumber(0, 65_535).optional(),
    listen: line.optional(),
    hosts: listOf(line, 50).optional(),
    url: pagesAddress.optional(),
    database_url: databaseAddress.optional(),
    slots: wholeNumber(1, 1000).optional(),
    log_level: logLevel.optional(),
    limits: limits.default(() => limits.parse({})),
    approvals: deciders.optional().meta({ description: 'Who decides approvals; a project can only be stricter.' }),
    questions: questions.optional().meta({ description: 'How people are asked; a project may say it for itself.' }),
    reminders: z
      .strictObject(
        {
          night: nightHours
            .optional()
            .meta({ description: 'Hours of this machine’s time zone in which nobody is reminded.' }),
        },
        keys,
      )
      .optional(),
    ...agentSettings.shape,
  },
  keys,
);

/** The operator's `settings.yaml`. */
export type SettingsFile = z.infer<typeof settingsFile>;

export type SettingsCheck =
  | { readonly ok: true; readonly settings: SettingsFile }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

const words: FileWords = { schema: settingsFile, nameOf: plainName, exampleOf };

/** Checks the content of a `settings.yaml` (of any shape); finds all problems at once. */
export function checkSettings(content: unknown): SettingsCheck {
  const parsed = settingsFile.safeParse(content);
  if (parsed.success) return { ok: true, settings: parsed.data };
  return { ok: false, problems: problemsIn(parsed.error, content, words) };
}

/** How each key may be written, for messages about a wrong one. */
const examples = new Map<string, string>([
  ['port', 'port: 8300'],
  ['listen', 'listen: 127.0.0.1'],
  ['hosts', 'hosts: [commander.example.org]'],
  ['url', 'url: https://commander.example.org'],
  ['database_url', 'database_url: postgres://commander@localhost/commander'],
  ['slots', 'slots: 4'],
  ['log_level', 'log_level: warn'],
  ['limits.per_person', 'limits: { per_person: 3 }'],
  ['limits.per_project', 'limits: { per_project: 2 }'],
  ['limits.memory', 'limits: { memory: 8g }'],
  ['approvals', 'approvals: { people: 2, not_requester: true }'],
  ['approvals.people', 'approvals: { people: 2 }'],
  ['approvals.not_requester', 'approvals: { not_requester: true }'],
  ['questions', 'questions: { answer_within: 4h }'],
  ['questions.answer_within', 'questions: { answer_within: 4h }'],
  ['reminders', 'reminders: { night: 22-7 }'],
  ['reminders.night', 'reminders: { night: 22-7 }'],
  ['budgets', 'budgets: { per_person: { cost: 20 } }'],
  ['budgets.per_person', 'budgets: { per_person: { cost: 20 } }'],
  ['budgets.per_project', 'budgets: { per_project: { cost: 50 } }'],
  ['agents', 'agents: { claude: { sandbox: required } }'],
  ['agent', 'agent: claude'],
  ['policy', 'policy: [{ command: npm install, decide: allow }]'],
  ['find', 'find: true'],
]);

function exampleOf(path: readonly (string | number)[]): string | undefined {
  return examples.get(path.filter((part) => typeof part === 'string').join('.'));
}
