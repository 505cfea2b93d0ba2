import { execFile } from 'node:child_process';
import { readdir, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readIfThere } from './files.ts';
import { isAlive } from './process.ts';

/** Milliseconds between looks at a server that is not our child. */
const lookInterval = 250;

export interface RunningServer {
  readonly pid: number;
  readonly port: number;
}

/**
 * The live server of this Postgres data directory that someone else started, if any. A lock file whose process id now
 * belongs to another program, or to a zombie, is removed: Postgres would refuse to start because of it for ever.
 */
export async function findRunning(data: string): Promise<RunningServer | undefined> {
  const lockFile = join(data, 'postmaster.pid');
  // Lines: process id, data directory, start time, port, … ("Lock file" in Postgres' src/backend/utils/init/miscinit.c).
  const lines = (await readIfThere(lockFile))?.split('\n') ?? [];
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined;
  if (!(await servesData(pid, data))) {
    // Should processes of a dead server still be there, Postgres sees that by its shared memory, not by this file.
    if (isAlive(pid)) await rm(lockFile, { force: true });
    return undefined;
  }
  return { pid, port };
}

/**
 * Removes what dead servers left in the folder of sockets. Their lock files stop the next server, as `postmaster.pid` would, when
 * the process id is a zombie's (nobody reaps what a killed Commander leaves in a container) or another program's by now. To be
 * called when no server runs on the data: the folder is that server's alone.
 */
export async function forgetSockets(directory: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => name.startsWith('.s.PGSQL.'));
  for (const name of names) await rm(join(directory, name), { force: true });
}

/** Resolves, with the reason, when a server that is not our child has ended. */
export function watchEnd({ pid }: RunningServer, data: string): Promise<string> {
  return new Promise((resolve) => {
    const look = async () => {
      if (await servesData(pid, data)) return;
      clearInterval(timer);
      resolve('It ended.');
    };
    const timer = setInterval(() => void look(), lookInterval).unref();
  });
}

/** A Postgres server works inside its data directory; elsewhere than on Linux its program's name has to do. */
async function servesData(pid: number, data: string): Promise<boolean> {
  if (process.platform === 'linux') {
    const workplace = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    return workplace === (await realpath(data));
  }
  const shown = await promisify(execFile)('ps', ['-o', 'comm=', '-p', String(pid)]).catch(() => undefined);
  return shown?.stdout.includes('postgres') ?? false;
}
