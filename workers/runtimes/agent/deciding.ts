import { createHash } from 'node:crypto';
import { readlinkSync, realpathSync } from 'node:fs';
import { type FileHandle, lstat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { anyScript, type ChangedScripts } from '#core/policy/builds.ts';
import { decidingFiles, mostFiles } from '#core/policy/deciding-files.ts';
import { openInside } from '../../outputs/open-inside.ts';

/** What decides what a command does, as it is now: files by their names, with their hash; null: there is none of that name. */
export interface Deciding {
  readonly files: Readonly<Record<string, string | null>>;
  /** Something that it names can not be bound to its content: a folder, or too much. */
  readonly unbound: boolean;
}

/** Larger files are no scripts, in bytes; nor are so many that they come to more in all. */
const fileLimitBytes = 8 * 1024 * 1024;
const allFilesBytes = 64 * 1024 * 1024;
const declarationBytes = 1024 * 1024;

/** Looks at what decides a command, in the folder where it would run. Of a package.json only its scripts count. */
export async function decidingNow(command: string, cwd: string, folder: string): Promise<Deciding> {
  const names = decidingFiles(command);
  const files: [string, string | null][] = [];
  let unbound = names.length >= mostFiles;
  let left = allFilesBytes;
  // One after the other: an agent chooses how many there are and how large.
  for (const name of names) {
    const { hash, size } = await lookAt(resolve(cwd, name), folder, left);
    left -= size;
    if (hash === 'unbound') unbound = true;
    else files.push([name, hash]);
  }
  return { files: Object.fromEntries(files), unbound };
}

interface Looked {
  readonly hash: string | null;
  readonly size: number;
}

async function lookAt(path: string, folder: string, left: number): Promise<Looked> {
  const file = await openIn(folder, path, Math.min(left, fileLimitBytes));
  if (typeof file === 'string') return { hash: file === 'none' ? null : file, size: 0 };
  try {
    const { size } = await file.stat();
    const hash = createHash('sha256');
    if (basename(path) === 'package.json' && size <= declarationBytes) {
      const text = await file.readFile('utf8');
      hash.update(JSON.stringify(scriptsOf(text) ?? text));
    } else await pipeline(file.createReadStream({ start: 0, autoClose: false }), hash);
    return { hash: hash.digest('hex'), size };
  } finally {
    await file.close();
  }
}

/** Folders, links, what lies elsewhere and what is too large have no content that an approval could be bound to. */
async function openIn(folder: string, path: string, most: number): Promise<FileHandle | 'none' | 'unbound'> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined) return 'none';
  if (!stats.isFile() || stats.size > most) return 'unbound';
  return openInside(folder, path).catch(() => 'unbound');
}

const declaration = z.object({ scripts: z.record(z.string(), z.unknown()).default({}) });

/** The scripts of a package.json, read as forgivingly as package managers do; `undefined` when it can not be read at all. */
function scriptsOf(text: string): Readonly<Record<string, string>> | undefined {
  try {
    const { scripts } = declaration.parse(JSON.parse(text.replace(/^\ufeff/, '')));
    return Object.fromEntries(
      Object.entries(scripts).map(([name, script]) => [
        name,
        typeof script === 'string' ? script : JSON.stringify(script),
      ]),
    );
  } catch {
    return undefined;
  }
}

/** The scripts of the project's package.json that are not as they were where the task began: what they are now. */
export async function changedScripts(
  folder: string,
  original: (path: string) => Promise<string | undefined>,
): Promise<ChangedScripts> {
  const file = await openIn(folder, join(folder, 'package.json'), declarationBytes);
  if (file === 'none') return {};
  if (file === 'unbound') return { [anyScript]: 'package.json is a link, or too large to be looked at' };
  try {
    const text = await file.readFile('utf8');
    const before = await original('package.json');
    if (text === before) return {};
    const now = scriptsOf(text);
    if (now === undefined) return { [anyScript]: 'package.json can not be read' };
    const then = scriptsOf(before ?? '{}') ?? {};
    return Object.fromEntries(Object.entries(now).filter(([name, script]) => then[name] !== script));
  } finally {
    await file.close();
  }
}

/** Links that are followed one behind the other, where no system call does: as many as Linux follows. */
const mostLinks = 40;

/**
 * Where a path really leads: as far as it exists, with its links followed, also one to what does not exist yet. What does not exist
 * is added as it is written.
 */
export function followLinks(path: string, links = 0): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    if (parent === path) return path;
    const there = join(followLinks(parent, links), basename(path));
    const target = links < mostLinks ? targetOf(there) : undefined;
    return target === undefined ? there : followLinks(resolve(dirname(there), target), links + 1);
  }
}

function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    // No link: a file, or nothing.
    return undefined;
  }
}
