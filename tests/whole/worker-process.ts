import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../workers/main.ts', import.meta.url));

/** Starts a worker as a process of its own, as `npm start` does, and waits until it is ready. */
export async function startWorkerProcess(options: {
  readonly home: string;
  readonly databaseUrl: string;
  readonly slots?: number;
}): Promise<ChildProcess> {
  const { home, databaseUrl, slots = 2 } = options;
  const env = {
    PATH: process.env.PATH,
    COMMANDER_HOME: home,
    DATABASE_URL: databaseUrl,
    WORKER_SLOTS: String(slots),
  };
  const worker = fork(main, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(worker, 'message');
  return worker;
}

/** Kills a process and waits until it is gone. */
export async function killProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
