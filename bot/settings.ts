import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { DiscordSettings, SlackSettings } from '#core/chat/platform.ts';
import { answerMs, answerTime } from '#core/policy/answer-time.ts';
import type { deciders } from '#core/policy/deciders.ts';
import { databaseAddress, logLevel, pagesAddress } from '#core/settings/settings-file.ts';
import { type Night, nightOf } from '#core/task/night.ts';
import { reachableByDatabaseUser } from '#db/embedded/server.ts';
import type { RunLimits } from '#db/runs/caps.ts';
import { readSettingsFile } from '#workers/settings-file.ts';
import { discordSettings, platformSchema, slackSettings } from './platform-settings.ts';

const schema = z.object({
  COMMANDER_HOME: z.string().min(1).optional(),
  PORT: z.coerce.number().int().min(0).max(65_535, 'must be a port from 0 to 65535').optional(),
  DATABASE_URL: databaseAddress.optional(),
  WORKER_SLOTS: z.coerce.number().int().min(1, 'must be at least 1').max(1000, 'must be at most 1000').optional(),
  COMMANDER_HOSTS: z.string().optional(),
  COMMANDER_LISTEN: z.string().optional(),
  COMMANDER_URL: pagesAddress.optional(),
  COMMANDER_ANSWER_WITHIN: answerTime.optional(),
  COMMANDER_SECRET_KEY: z.string().min(1).optional(),
  LOG_LEVEL: logLevel.optional(),
  ...platformSchema.shape,
});

/** The names of the variables that are read. */
export const settingNames: readonly string[] = Object.keys(schema.shape);

/** What Commander is told by its environment and its settings file. */
export interface Settings {
  /** The data directory, absolute. */
  readonly home: string;
  /** 0: any free one. */
  readonly port: number;
  /** Absent: the embedded server. */
  readonly databaseUrl?: string;
  /** Runs at once. */
  readonly slots: number;
  /** Names besides the loopback's that people reach the pages by. */
  readonly hosts: readonly string[];
  /** The address to listen on. */
  readonly listen: string;
  readonly logLevel: string;
  readonly limits: RunLimits;
  /** Who decides approvals. */
  readonly approvals?: z.infer<typeof deciders>;
  /** How long a question waits for an answer, where its project does not say it (ms); absent: an hour. */
  readonly answerWithin?: number | 'never';
  /** When nobody is reminded, in the time zone of this machine; absent: at all hours. */
  readonly night?: Night;
  /** Where people reach Commander's pages, no slash at the end: makes a card's paths into links on every platform. */
  readonly address?: string;
  /** What secrets in the database are encrypted with, in base64; absent: a key of the data directory. */
  readonly secretKey?: string;
  readonly slack?: SlackSettings;
  readonly discord?: DiscordSettings;
}

/** A setting can't be used; the message says which and what to write. */
export class BadSettings extends Error {
  readonly code = 'bad_settings';
}

/** Hours in which hardly anybody works. */
const usualNight = '22-7';

/** Where data goes when the folder of the installation is closed to the database's user (an installation below /root). */
const systemHome = '/var/lib/commander';

/** Reads the settings: what the environment says wins over the settings file of the data directory. @throws BadSettings, BadSettingsFile */
export async function readSettings(environment: NodeJS.ProcessEnv): Promise<Settings> {
  const data = readEnvironment(environment);
  const home = data.COMMANDER_HOME === undefined ? await defaultHome(data.DATABASE_URL) : resolve(data.COMMANDER_HOME);
  const file = await readSettingsFile(home);
  const address = data.COMMANDER_URL ?? file.url;
  return {
    home,
    port: data.PORT ?? file.port ?? 8300,
    databaseUrl: data.DATABASE_URL ?? file.database_url,
    slots: data.WORKER_SLOTS ?? file.slots ?? 4,
    hosts: hostsOf(data.COMMANDER_HOSTS) ?? file.hosts ?? [],
    listen: data.COMMANDER_LISTEN ?? file.listen ?? '127.0.0.1',
    logLevel: data.LOG_LEVEL ?? file.log_level ?? 'warn',
    approvals: file.approvals,
    answerWithin: answerWithinOf(data.COMMANDER_ANSWER_WITHIN ?? file.questions?.answer_within),
    night: nightOf(file.reminders?.night ?? usualNight, new Intl.DateTimeFormat().resolvedOptions().timeZone),
    limits: { perPerson: file.limits.per_person, perProject: file.limits.per_project },
    address,
    secretKey: data.COMMANDER_SECRET_KEY,
    ...platformSettings(data, address),
  };
}

type Environment = z.infer<typeof schema>;

/** A variable that is set to nothing is not set. */
function readEnvironment(environment: NodeJS.ProcessEnv): Environment {
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')));
  if (parsed.success) return parsed.data;
  throw badSettings(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
}

function platformSettings(data: Environment, address: string | undefined): Pick<Settings, 'slack' | 'discord'> {
  const [slack, discord] = [slackSettings(data, address), discordSettings(data, address)];
  const missing = [slack.problem, discord.problem].filter((problem) => problem !== undefined);
  if (missing.length > 0) throw badSettings(missing);
  return { slack: slack.settings, discord: discord.settings };
}

function answerWithinOf(said: z.infer<typeof answerTime> | undefined): Settings['answerWithin'] {
  return said === undefined ? undefined : answerMs(said);
}

function badSettings(problems: readonly string[]): BadSettings {
  return new BadSettings(`Commander can not start with these settings: ${problems.join('; ')}.`);
}

function hostsOf(list: string | undefined): readonly string[] | undefined {
  return list
    ?.split(',')
    .map((host) => host.trim())
    .filter(Boolean);
}

async function defaultHome(databaseUrl: string | undefined): Promise<string> {
  const beside = fileURLToPath(new URL('../.commander', import.meta.url));
  const own = databaseUrl ?? (await readSettingsFile(beside)).database_url;
  return own !== undefined || (await reachableByDatabaseUser(beside)) ? beside : systemHome;
}
