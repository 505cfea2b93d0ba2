import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Another Commander uses this data directory. */
export class HomeInUse extends Error {
  readonly code = 'home_in_use';
}

/**
 * Makes this process the only Commander of a data directory. A lock left by a process that is gone (a kill, a power cut) is
 * taken over: process id and start time together name a process.
 * @throws HomeInUse
 */
export async function lockHome(home: string): Promise<() => Promise<void>> {
  const path = join(home, 'commander.lock');
  const own = `${process.pid} ${await startTime(process.pid)}`;
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, own);
  try {
    while (!(await claim(temporary, path))) {
      const holder = await readFile(path, 'utf8').catch(() => '');
      const [pid = '', started = ''] = holder.split(' ');
      if (pid !== '' && (await startTime(Number(pid))) === started && started !== 'gone') {
        throw new HomeInUse(
          `Commander is running already with the data directory ${home} (process ${pid}). Stop that one first, or set COMMANDER_HOME to another directory.`,
        );
      }
      await rm(path, { force: true });
    }
  } finally {
    await rm(temporary, { force: true });
  }
  return () => rm(path, { force: true });
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
