import { setTimeout as delay } from 'node:timers/promises';
import { carriersOf, listProcesses, signal } from './process-table.ts';

/** The environment variable by which every process of a run is known; children inherit it. */
export const COOKIE_NAME = 'COMMANDER_RUN';

/**
 * Kills every process of this machine that was started with the cookie of a run, and looks again until none is left: one that
 * forks as fast as it is killed is caught too. Does nothing to processes of other users, or that dropped the cookie. Gives back
 * how many were killed. One that hangs in the kernel dies when it comes out, and is waited for no longer than a few seconds.
 */
export async function sweep(cookie: string): Promise<number> {
  const killed = new Set<number>();
  const ownGroup = listProcesses().find(({ pid }) => pid === process.pid)?.group;
  for (let certainty = 0, idle = 0; certainty < CERTAIN && idle < MOST_IDLE_LOOKS; ) {
    const { pids, someVanished } = carriersOf(`${COOKIE_NAME}=${cookie}`);
    const fresh = pids.filter((pid) => signal(pid, 'SIGKILL') && !killed.has(pid));
    for (const pid of fresh) killed.add(pid);
    // A whole group dies at once, so its members can't fork each other back to life. Commands never share our own group.
    for (const group of groupsOf(fresh)) if (group !== ownGroup && group > 1) signal(-group, 'SIGKILL');
    if (pids.length > 0) certainty = 0;
    else certainty += someVanished ? 1 : 2;
    idle = fresh.length > 0 ? 0 : idle + 1;
    // A storm gets no pause; what was killed gets a moment to be gone.
    if (certainty < CERTAIN) await delay(fresh.length > 0 ? 0 : LOOK_MS);
  }
  return killed.size;
}

/**
 * One look is not enough: a process that is just becoming another program has no environment for an instant, and one that
 * forked and ended while we looked was not seen. On a busy machine some process ends during every look, so that counts half.
 */
const CERTAIN = 4;
const LOOK_MS = 2;
/** Some seconds without a new find. */
const MOST_IDLE_LOOKS = 1_000;

function groupsOf(pids: readonly number[]): Set<number> {
  if (pids.length === 0) return new Set();
  const wanted = new Set(pids);
  return new Set(listProcesses().flatMap(({ pid, group }) => (wanted.has(pid) ? [group] : [])));
}
