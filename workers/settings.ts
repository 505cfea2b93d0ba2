import { isAbsolute } from 'node:path';
import { z } from 'zod';

/** What a worker process is told by its environment. */
const workerSettings = z.object({
  COMMANDER_HOME: z.string().refine(isAbsolute, 'must be an absolute path: the data directory'),
  DATABASE_URL: z.string().startsWith('postgres', 'must be a postgres:// address'),
  WORKER_SLOTS: z.coerce.number().int().min(1, 'must be at least 1').max(1000, 'must be at most 1000').default(4),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

export interface WorkerSettings {
  readonly home: string;
  readonly databaseUrl: string;
  readonly slots: number;
  readonly logLevel: string;
}

/** The environment is not what a worker needs; the message says which variable and how. */
class BadSettings extends Error {
  readonly code = 'bad_settings';
}

/** Reads a worker's settings. @throws BadSettings */
export function readSettings(environment: NodeJS.ProcessEnv): WorkerSettings {
  const parsed = workerSettings.safeParse(environment);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new BadSettings(`The worker can not start with this environment. ${problems.join('; ')}.`);
  }
  const { COMMANDER_HOME, DATABASE_URL, WORKER_SLOTS, LOG_LEVEL } = parsed.data;
  return { home: COMMANDER_HOME, databaseUrl: DATABASE_URL, slots: WORKER_SLOTS, logLevel: LOG_LEVEL };
}
