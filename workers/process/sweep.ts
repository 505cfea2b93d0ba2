import { setTimeout as delay } from 'node:timers/promises';
import { carrying, listProcesses, signal } from './process-table.ts';

/** The environment variable by which every process of a run is known; children inherit it. */
export const COOKIE_NAME = 'COMMANDER_RUN';

/**
 * Kills every process of this machine that was started with the cookie of a run, and looks again until none is left: one that
 * forks as fast as it is killed is caught too. Does nothing to processes of other users, or that dropped the cookie. Gives back
 * how many were killed. One that hangs in the kernel dies when it comes out, and is waited for no longer than a few seconds.
 */
export async function sweep(cookie: string): Promise<number> {
  const killed = new Set<number>();
  const strangers = new Set<number>();
  let [clean, doubtful, idle] = [0, 0, 0];
  while (clean < CLEAN_LOOKS && doubtful < MOST_DOUBTFUL_LOOKS && idle < MOST_IDLE_LOOKS) {
    const look = killAll(cookie, killed, strangers);
    clean = look.found || look.doubtful ? 0 : clean + 1;
    doubtful = look.doubtful && !look.found ? doubtful + 1 : 0;
    idle = look.killed ? 0 : idle + 1;
    // A storm and a chase get no pause; what was killed gets a moment to be gone.
    if (clean < CLEAN_LOOKS) await delay(look.killed || look.doubtful ? 0 : LOOK_MS);
  }
  return killed.size;
}

/** One clean look may have met a process between two states. */
const CLEAN_LOOKS = 2;
/** On a busy machine some process ends during every look. A chase is lost less often than once in a million after so many. */
const MOST_DOUBTFUL_LOOKS = 25;
const LOOK_MS = 2;
/** Some seconds without a new find: what is left is dying. */
const MOST_IDLE_LOOKS = 1_000;

/** What a look at all processes saw. Doubtful: one that was not seen before ended or showed nothing, so it may have been ours. */
interface Look {
  readonly found: boolean;
  readonly killed: boolean;
  readonly doubtful: boolean;
}

function killAll(cookie: string, killed: Set<number>, strangers: Set<number>): Look {
  const found: number[] = [];
  const before = killed.size;
  let doubtful = false;
  for (const { pid, carrying: it } of carrying(`${COOKIE_NAME}=${cookie}`)) {
    if (it === 'yes') {
      found.push(pid);
      if (signal(pid, 'SIGKILL')) killed.add(pid);
    } else if (!strangers.has(pid)) {
      doubtful ||= it !== 'no';
      strangers.add(pid);
    }
  }
  // A whole group dies at once, so its members can't fork each other back to life. Commands never share our own group.
  for (const group of groupsOf(found)) signal(-group, 'SIGKILL');
  return { found: found.length > 0, killed: killed.size > before, doubtful };
}

function groupsOf(pids: readonly number[]): Set<number> {
  if (pids.length === 0) return new Set();
  const entries = listProcesses();
  const own = entries.find(({ pid }) => pid === process.pid)?.group;
  const wanted = new Set(pids);
  return new Set(entries.flatMap(({ pid, group }) => (wanted.has(pid) && group !== own && group > 1 ? [group] : [])));
}
