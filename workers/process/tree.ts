import { setTimeout as delay } from 'node:timers/promises';
import type { Containment } from './containment.ts';
import { carrying, descendantsOf, listProcesses, type ProcessEntry, signal } from './process-table.ts';
import { COOKIE_NAME, sweep } from './sweep.ts';

/** A running command with all that it started. */
export interface Tree {
  /** The process that we started: the leader of its own session and group. */
  readonly pid: number;
  readonly cookie: string;
  readonly containment: Containment;
}

/**
 * Ends a tree: asks all its processes at once, kills what is left after the grace, then sweeps for what left the tree.
 * Returns when nothing runs any more. `exit` is the end of the process that we started. In a namespace the end of the command
 * itself is the end of all; in a process group its children have the rest of the grace.
 */
export async function bringDown(tree: Tree, exit: Promise<unknown>, graceMs: number): Promise<void> {
  const grace = AbortSignal.timeout(graceMs);
  const late = new Promise<void>((resolve) => grace.addEventListener('abort', () => resolve(), { once: true }));
  let over = false;
  const done = exit.then(() => {
    over = true;
  });
  const asked = new Set<number>();
  // Just started, the command may not be there yet: it must not miss the signal.
  while (!terminate(tree, asked) && !over && !grace.aborted) await Promise.race([done, delay(START_MS)]);
  await Promise.race([done, late]);
  if (tree.containment === 'process-group') await emptied(tree, asked, grace);
  await kill(tree);
  await done;
}

/** Kills a tree at once; returns when the sweep finds nothing more. */
export async function kill(tree: Tree): Promise<void> {
  const members = descendantsOf(tree.pid, listProcesses());
  // The group first: its members die together, so none can start another. In a namespace, the end of its init ends all.
  signal(-tree.pid, 'SIGKILL');
  for (const { pid } of members) signal(pid, 'SIGKILL');
  await sweep(tree.cookie);
}

/**
 * Asks every process of the tree to end, frozen ones too. False when there is none. By groups where possible: a group gets a
 * signal as a whole, so that a process which is just being born in it does not miss it. Adds who was asked to `asked`.
 */
function terminate(tree: Tree, asked: Set<number>): boolean {
  const members = membersOf(tree);
  // The group of the wrapper and init of a namespace is ours; the command leaves it with its first step.
  const whole = (group: number) => tree.containment === 'process-group' || group !== tree.pid;
  const targets = new Set(members.map(({ pid, group }) => (whole(group) ? -group : pid)));
  for (const target of targets) signal(target, 'SIGTERM');
  for (const target of targets) signal(target, 'SIGCONT');
  for (const { pid } of members) asked.add(pid);
  return members.length > 0;
}

/**
 * Waits for the children when the command itself has ended. One that it started after it was asked to end (a shell does that
 * before it gets to its trap) is asked too: it belongs to no clean-up any more.
 */
async function emptied(tree: Tree, asked: Set<number>, limit: AbortSignal): Promise<void> {
  for (let members = membersOf(tree); members.length > 0 && !limit.aborted; members = membersOf(tree)) {
    for (const { pid } of members) if (!asked.has(pid)) signal(pid, 'SIGTERM');
    for (const { pid } of members) asked.add(pid);
    await delay(POLL_MS);
  }
}

/** How soon a command that is stopped while it is started is looked for again. */
const START_MS = 10;
/** Short beside the grace that it divides, long beside the millisecond that a look at /proc takes. */
const POLL_MS = 50;

/** The processes that are the command's own. */
export function membersOf(tree: Tree): ProcessEntry[] {
  const entries = listProcesses();
  const below = descendantsOf(tree.pid, entries);
  if (tree.containment === 'namespace') {
    // Orphans of a namespace go to its init, so all of it stands below; the wrapper and init itself are ours, not the command's.
    return below.filter((entry) => entry.parent !== tree.pid);
  }
  const pids = new Set(below.map(({ pid }) => pid));
  for (const { pid, carrying: it } of carrying(`${COOKIE_NAME}=${tree.cookie}`)) if (it === 'yes') pids.add(pid);
  return entries.filter((entry) => entry.group === tree.pid || pids.has(entry.pid));
}
