import { isAbsolute } from 'node:path';
import { z } from 'zod';
import type { AgentSettings } from '#core/agents/settings.ts';
import { bytesOf } from '#core/project-file/fields.ts';
import { databaseAddress, logLevel } from '#core/settings/settings-file.ts';
import { readSettingsFile } from './settings-file.ts';

/** What a worker process is told by its environment. */
const environmentSchema = z.object({
  COMMANDER_HOME: z.string().refine(isAbsolute, 'must be an absolute path: the data directory'),
  DATABASE_URL: databaseAddress.optional(),
  WORKER_SLOTS: z.coerce.number().int().min(1, 'must be at least 1').max(1000, 'must be at most 1000').optional(),
  LOG_LEVEL: logLevel.optional(),
});

export interface WorkerSettings {
  readonly home: string;
  readonly databaseUrl: string;
  readonly slots: number;
  readonly logLevel: string;
  readonly agents: AgentSettings;
  /** Bytes that all processes of a step or a check may hold together. */
  readonly memoryBytes: number;
}

/** The environment is not what a worker needs; the message says which variable and how. */
class BadSettings extends Error {
  readonly code = 'bad_settings';
}

/** Reads a worker's settings: its environment, and for what that does not say the settings file. @throws BadSettings, BadSettingsFile */
export async function readSettings(environment: NodeJS.ProcessEnv): Promise<WorkerSettings> {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new BadSettings(`The worker can not start with this environment. ${problems.join('; ')}.`);
  }
  const { COMMANDER_HOME: home, DATABASE_URL, WORKER_SLOTS, LOG_LEVEL } = parsed.data;
  const file = await readSettingsFile(home);
  const databaseUrl = DATABASE_URL ?? file.database_url;
  if (databaseUrl === undefined) {
    throw new BadSettings('The worker needs a database: set DATABASE_URL, or database_url in the settings file.');
  }
  return {
    home,
    databaseUrl,
    slots: WORKER_SLOTS ?? file.slots ?? 4,
    logLevel: LOG_LEVEL ?? file.log_level ?? 'info',
    agents: file,
    memoryBytes: bytesOf(file.limits.memory),
  };
}
