import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Another Commander uses this data directory. */
export class HomeInUse extends Error {
  readonly code = 'home_in_use';
}

/** What the lock of a data directory says of its Commander. */
export type RunningCommander =
  | { readonly state: 'gone' }
  | { readonly state: 'starting' }
  | { readonly state: 'ready'; readonly url: string };

/** A data directory that is ours. */
export interface HomeLock {
  /** Lets the command line find this Commander. */
  tellAddress(url: string): Promise<void>;
  release(): Promise<void>;
}

/**
 * Makes this process the only Commander of a data directory. A lock left by a process that is gone (a kill, a power cut) is
 * taken over: process id and start time together name a process.
 * @throws HomeInUse
 */
export async function lockHome(home: string): Promise<HomeLock> {
  const path = lockPath(home);
  const own = `${process.pid} ${await startTime(process.pid)}`;
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, own);
  try {
    while (!(await claim(temporary, path))) {
      const { pid, lives } = await readHolder(path);
      if (lives) {
        throw new HomeInUse(
          `Commander is running already with the data directory ${home} (process ${pid}). Stop that one first, or set COMMANDER_HOME to another directory.`,
        );
      }
      await rm(path, { force: true });
    }
  } finally {
    await rm(temporary, { force: true });
  }
  return {
    // As a whole: whoever reads the lock meanwhile finds its holder.
    async tellAddress(url) {
      await writeFile(temporary, `${own} ${url}`);
      await rename(temporary, path);
    },
    release: () => rm(path, { force: true }),
  };
}

/** Whether a Commander runs in a data directory, and where it is reached on this machine. */
export async function runningIn(home: string): Promise<RunningCommander> {
  const { lives, url } = await readHolder(lockPath(home));
  if (!lives) return { state: 'gone' };
  return url === undefined ? { state: 'starting' } : { state: 'ready', url };
}

function lockPath(home: string): string {
  return join(home, 'commander.lock');
}

async function readHolder(path: string) {
  const holder = await readFile(path, 'utf8').catch(() => '');
  const [pid = '', started = '', url] = holder.split(' ');
  return { pid, url, lives: pid !== '' && started !== 'gone' && (await startTime(Number(pid))) === started };
}

/** A hard link is made whole or not at all, and fails when the name is taken. */
async function claim(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** When a process began, in the kernel's ticks; without /proc only whether it lives. */
async function startTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The name in parentheses may hold spaces; field 22 counts from after it.
  if (stat !== undefined) return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'gone';
  try {
    process.kill(pid, 0);
    return 'alive';
  } catch {
    return 'gone';
  }
}
