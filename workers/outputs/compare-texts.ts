import { join } from 'node:path';
import { blobPlace } from '#core/run/places.ts';
import { git } from '../workspace/git.ts';

/** How one stored text became another. */
export interface ComparedTexts {
  /** Unified diff, whose file names mean nothing; empty when both are the same. */
  readonly patch: string;
  /** Its end was cut off. */
  readonly cut: boolean;
}

/** Of the diff, in bytes: more than a person reads. */
const longest = 1024 * 1024;
/** A comparison that takes longer is of files that nobody compares by eye, in milliseconds. */
const timeoutMs = 10_000;

/** Compares two stored texts line by line, each named by its SHA-256 in the data directory `home`. */
export async function compareTexts(home: string, before: string, after: string): Promise<ComparedTexts> {
  const [from, to] = [join(home, blobPlace(before)), join(home, blobPlace(after))];
  const options = ['--no-index', '--text', '--no-ext-diff', '--no-textconv', '--no-color', '--'];
  const found = await git(['diff', ...options, from, to], {
    answers: [1],
    maxOutput: longest,
    tooMuch: 'cut',
    timeoutMs,
  });
  const end = found.cut ? found.stdout.lastIndexOf('\n') + 1 : found.stdout.length;
  return { patch: found.stdout.subarray(0, end).toString('utf8'), cut: found.cut };
}
