import { readdirSync, readFileSync } from 'node:fs';

/** One process, as /proc shows it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/** All processes of this machine that still run (no zombies). Empty where there is no /proc. */
export function listProcesses(): ProcessEntry[] {
  return processIds().flatMap((pid) => entryOf(pid) ?? []);
}

/** Everything that `root` started, directly or not, without `root` itself. */
export function descendantsOf(root: number, entries: readonly ProcessEntry[]): ProcessEntry[] {
  const children = Map.groupBy(entries, (entry) => entry.parent);
  const found: ProcessEntry[] = [];
  const open = [root];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    for (const child of children.get(pid) ?? []) {
      found.push(child);
      open.push(child.pid);
    }
  }
  return found;
}

/**
 * What can be known of a process' environment: it has the variable, it has not, it ended before we could look, or it shows no
 * environment (the kernel's own, a zombie, another user's, or one that is just becoming another program).
 */
export type Carrying = 'yes' | 'no' | 'ended' | 'hidden';

/** Looks for `NAME=value` in the environment that each process was started with; our own is left out. */
export function* carrying(variable: string): Generator<{ readonly pid: number; readonly carrying: Carrying }> {
  const first = Buffer.from(`${variable}\0`);
  const later = Buffer.from(`\0${variable}\0`);
  // Newest first: a process that forks and ends all the time is caught best while its number is fresh.
  for (const pid of processIds().reverse()) {
    if (pid === process.pid) continue;
    const environment = readProc(pid, 'environ');
    if (environment === undefined) yield { pid, carrying: 'ended' };
    else if (environment.length === 0) yield { pid, carrying: 'hidden' };
    else if (environment.subarray(0, first.length).equals(first) || environment.includes(later))
      yield { pid, carrying: 'yes' };
    else yield { pid, carrying: 'no' };
  }
}

/** Sends a signal to a process, or with a negative number to a group. A process that is gone or another user's is left. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if (isCode(error, 'ESRCH') || isCode(error, 'EPERM')) return false;
    throw error;
  }
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** proc(5): `pid (name) state ppid pgrp ...`; the name may hold spaces and parentheses. */
function entryOf(pid: number): ProcessEntry | undefined {
  const stat = readProc(pid, 'stat')?.toString('latin1');
  if (!stat) return undefined;
  const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : { pid, parent: Number(parent), group: Number(group) };
}

/** Undefined when the process has ended; empty when it isn't ours to read. */
function readProc(pid: number, file: string): Buffer | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`);
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ESRCH')) return undefined;
    if (isCode(error, 'EACCES') || isCode(error, 'EPERM')) return Buffer.alloc(0);
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
