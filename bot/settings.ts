import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { DiscordSettings, SlackSettings } from '#core/chat/platform.ts';
import { reachableByDatabaseUser } from '#db/embedded/server.ts';
import { discordSettings, platformSchema, slackSettings } from './platform-settings.ts';

const schema = z.object({
  COMMANDER_HOME: z.string().min(1).optional(),
  PORT: z.coerce.number().int().min(0).max(65_535, 'must be a port from 0 to 65535').default(8300),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be an address such as postgres://user@host/name')
    .optional(),
  WORKER_SLOTS: z.coerce.number().int().min(1, 'must be at least 1').max(1000, 'must be at most 1000').default(4),
  COMMANDER_HOSTS: z.string().default(''),
  COMMANDER_LISTEN: z.string().default('127.0.0.1'),
  COMMANDER_URL: z
    .url({ protocol: /^https?$/, message: 'must be an address such as https://commander.example.org' })
    .transform((address) => address.replace(/\/+$/, ''))
    .optional(),
  COMMANDER_SECRET_KEY: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('warn'),
  ...platformSchema.shape,
});

/** What Commander is told by its environment. */
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

/** Where data goes when the folder of the installation is closed to the database's user (an installation below /root). */
const systemHome = '/var/lib/commander';

/** Reads the settings. @throws BadSettings */
export async function readSettings(environment: NodeJS.ProcessEnv): Promise<Settings> {
  const parsed = schema.safeParse(environment);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new BadSettings(`Commander can not start with these settings: ${problems.join('; ')}.`);
  }
  const { data } = parsed;
  const address = data.COMMANDER_URL;
  const [slack, discord] = [slackSettings(data, address), discordSettings(data, address)];
  const missing = [slack.problem, discord.problem].filter((problem) => problem !== undefined);
  if (missing.length > 0) {
    throw new BadSettings(`Commander can not start with these settings: ${missing.join('; ')}.`);
  }
  return {
    home: data.COMMANDER_HOME === undefined ? await defaultHome(data.DATABASE_URL) : resolve(data.COMMANDER_HOME),
    port: data.PORT,
    databaseUrl: data.DATABASE_URL,
    slots: data.WORKER_SLOTS,
    hosts: data.COMMANDER_HOSTS.split(',')
      .map((host) => host.trim())
      .filter(Boolean),
    listen: data.COMMANDER_LISTEN,
    logLevel: data.LOG_LEVEL,
    address,
    secretKey: data.COMMANDER_SECRET_KEY,
    slack: slack.settings,
    discord: discord.settings,
  };
}

async function defaultHome(databaseUrl: string | undefined): Promise<string> {
  const beside = fileURLToPath(new URL('../.commander', import.meta.url));
  return databaseUrl !== undefined || (await reachableByDatabaseUser(beside)) ? beside : systemHome;
}
