import { readFileSync } from 'node:fs';
import { membersOf, type Tree } from './tree.ts';

/** How often a tree is looked at, in milliseconds: a program fills a gigabyte in about a second. */
const lookMs = 500;

/**
 * Calls `onOver` once, with the bytes in use, when all processes of a tree together hold more memory than they may. This works
 * everywhere; a control group would need a machine that lets Commander make one. Does nothing where there is no /proc.
 * @returns ends the watch
 */
export function watchMemory(tree: Tree, limitBytes: number | undefined, onOver: (bytes: number) => void): () => void {
  if (limitBytes === undefined) return () => {};
  const timer = setInterval(() => {
    const bytes = memoryOf(tree, limitBytes);
    if (bytes <= limitBytes) return;
    clearInterval(timer);
    onOver(bytes);
  }, lookMs);
  return () => clearInterval(timer);
}

/**
 * Bytes that the processes of a tree hold, swapped ones included. What they share is counted for each of them as long as that stays
 * within the limit, and exactly beyond it, for that look takes longer.
 */
function memoryOf(tree: Tree, limitBytes: number): number {
  const members = membersOf(tree);
  const atMost = sum(members.map(({ pid }) => heldBytes(pid)));
  return atMost <= limitBytes ? atMost : sum(members.map(({ pid }) => ownBytes(pid)));
}

/** proc(5), status: memory of its own and shared memory, without the files that are mapped; the kernel can drop those. */
function heldBytes(pid: number): number {
  return kilobytesIn(pid, 'status', ['RssAnon', 'RssShmem', 'VmSwap']);
}

/** proc(5), smaps_rollup: what processes share is divided among them. Another user's process does not show it. */
function ownBytes(pid: number): number {
  return kilobytesIn(pid, 'smaps_rollup', ['Pss_Anon', 'Pss_Shmem', 'SwapPss']) || heldBytes(pid);
}

/** The sum of some lines of a file of /proc; 0 when it can't be read, as when the process has just ended. */
function kilobytesIn(pid: number, file: string, names: readonly string[]): number {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return 0;
  }
  return 1024 * sum(names.map((name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
