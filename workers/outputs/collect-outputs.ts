import { createReadStream } from 'node:fs';
import { glob, realpath } from 'node:fs/promises';
import { basename, isAbsolute, join, relative } from 'node:path';
import type { StoredFile } from '#core/run/stored-file.ts';
import { TooLargeToStore } from '#core/run/stored-file.ts';
import type { Redactor } from '#core/text/redact.ts';
import { plainText } from '#core/text/sanitise.ts';
import { shorten } from '#core/text/shorten.ts';
import { storeBlob } from '#db/blobs/store-blob.ts';
import { safeFileName } from './file-name.ts';
import { whySecret } from './holds-secret.ts';
import { beginningOf, mediaTypeOf } from './media-type.ts';
import { NotAFileInside, openInside } from './open-inside.ts';

/** Where a step may have left files to publish. */
export interface OutputPlaces {
  /** The work folder, and which files of it the step declares. */
  readonly folder: string;
  readonly globs: readonly string[];
  /** COMMANDER_OUTPUTS: everything in it is published. */
  readonly published: string;
  /** Files that hold one of these are not published. */
  readonly secrets?: Redactor;
}

export interface OutputLimits {
  readonly count: number;
  /** Of each file. */
  readonly bytes: number;
}

/** Enough for any report; more is an archive's work. */
export const outputLimits: OutputLimits = { count: 50, bytes: 100 * 1024 * 1024 };

export interface CollectedOutputs {
  readonly found: readonly StoredFile[];
  /** What was not taken and why, each in words. */
  readonly leftOut: readonly string[];
  /** Declared globs that no file matches. */
  readonly missing: readonly string[];
}

/** Stores the files that a step produced. What the step made is not trusted: only ordinary files inside the two places count. */
export async function collectOutputs(
  home: string,
  places: OutputPlaces,
  limits: OutputLimits = outputLimits,
): Promise<CollectedOutputs> {
  const found: StoredFile[] = [];
  const leftOut: string[] = [];
  const names = new Set<string>();
  const seen = new Set<string>();
  const missing = new Set(places.globs);
  for await (const { root, path, pattern } of candidates(places)) {
    missing.delete(pattern);
    if (seen.has(path)) continue;
    seen.add(path);
    if (found.length === limits.count) {
      leftOut.push(`more than ${limits.count} files; the rest is not published`);
      // Nobody looked whether there is something for the others.
      missing.clear();
      break;
    }
    try {
      const why = places.secrets === undefined ? undefined : await whySecret(places.secrets, root, path);
      if (why !== undefined) throw new NotAFileInside(why);
      const file = await openInside(root, path);
      const name = safeFileName(basename(path), names);
      found.push({ name, ...(await store(home, file, name, limits.bytes)) });
    } catch (error) {
      if (!(error instanceof NotAFileInside || error instanceof TooLargeToStore)) throw error;
      const shown = plainText(relative(root, path), { singleLine: true });
      leftOut.push(`${shorten(places.secrets?.redact(shown) ?? shown, 120)}: ${error.message}`);
    }
  }
  return { found, leftOut, missing: [...missing] };
}

async function store(
  home: string,
  file: Awaited<ReturnType<typeof openInside>>,
  name: string,
  limitBytes: number,
): Promise<Omit<StoredFile, 'name'>> {
  try {
    const mediaType = mediaTypeOf(name, await beginningOf(file));
    const bytes = createReadStream('', { fd: file, start: 0, autoClose: false });
    const blob = await storeBlob(home, bytes, limitBytes);
    return { mediaType, size: blob.size, sha256: blob.sha256 };
  } finally {
    await file.close();
  }
}

interface Candidate {
  readonly root: string;
  readonly path: string;
  /** What found it. */
  readonly pattern: string;
}

async function* candidates({ folder, globs, published }: OutputPlaces): AsyncGenerator<Candidate> {
  yield* matches(published, '**/*');
  for (const pattern of globs.filter(staysInside)) yield* matches(folder, pattern);
}

async function* matches(root: string, pattern: string): AsyncGenerator<Candidate> {
  const real = await realpath(root);
  const entries = glob(pattern, { cwd: real, withFileTypes: true, exclude: (entry) => entry.name === '.git' });
  for await (const entry of entries) {
    if (!entry.isDirectory()) yield { root: real, path: join(entry.parentPath, entry.name), pattern };
  }
}

/** A pattern that leaves the folder would walk the whole machine only to find what is refused. */
function staysInside(pattern: string): boolean {
  return !isAbsolute(pattern) && !pattern.split(/[/\\]/).includes('..');
}
