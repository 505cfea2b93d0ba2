import { fileURLToPath } from 'node:url';
import { SHARE_ENV } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { ProjectSource } from '#core/run/run.ts';
import type { FileLook, LinkLook, readCommitted, readLinks, readNotes } from './look.ts';

/** Looks at once. */
const looksAtOnce = 8;

/** A thread that has nothing to do costs 20 MB; starting one takes 0.2 s. */
const idleTimeoutMs = 600_000;

let pool: Piscina | undefined;

/**
 * Looks at projects in a thread: starting git holds up whoever starts it until git runs, which on a busy machine takes longer
 * than a platform's answer may (measured: 56 % of the bot's time), and this process answers platforms.
 */
function opened(): Piscina {
  pool ??= new Piscina({
    filename: fileURLToPath(new URL('./look.ts', import.meta.url)),
    minThreads: 0,
    maxThreads: 1,
    concurrentTasksPerWorker: looksAtOnce,
    // With the default a thread sleeps between tasks so deeply that its other looks wait.
    atomics: 'disabled',
    // Where git is found is this process' own matter.
    env: SHARE_ENV,
    idleTimeout: idleTimeoutMs,
  });
  return pool;
}

/** As in `look.ts`. */
export function committedFile(look: FileLook): ReturnType<typeof readCommitted> {
  return opened().run(look, { name: 'readCommitted' });
}

/** As in `look.ts`. */
export function notesOf(source: ProjectSource): ReturnType<typeof readNotes> {
  return opened().run(source, { name: 'readNotes' });
}

/** As in `look.ts`. */
export function linksOf(look: LinkLook): ReturnType<typeof readLinks> {
  return opened().run(look, { name: 'readLinks' });
}
