import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { decidingFiles, mostFiles } from '#core/policy/deciding-files.ts';
import { openInside } from '../../outputs/open-inside.ts';

/** What decides what a command does, as it is now: files by their names, with their hash; null: there is none of that name. */
export interface Deciding {
  readonly files: Readonly<Record<string, string | null>>;
  /** Something that it names can not be bound to its content: a folder, or too much. */
  readonly unbound: boolean;
}

/** Larger files are no scripts, in bytes. */
const fileLimitBytes = 8 * 1024 * 1024;

/** Looks at what decides a command, in the folder where it would run. Of a package.json only its scripts count. */
export async function decidingNow(command: string, cwd: string, folder: string): Promise<Deciding> {
  const names = decidingFiles(command);
  const found = await Promise.all(names.map(async (name) => [name, await lookAt(resolve(cwd, name), folder)] as const));
  const files = found.flatMap(([name, hash]) => (hash === 'unbound' ? [] : [[name, hash] as const]));
  return {
    files: Object.fromEntries(files),
    unbound: names.length >= mostFiles || found.some(([, hash]) => hash === 'unbound'),
  };
}

async function lookAt(path: string, folder: string): Promise<string | null> {
  const content = await readIn(folder, path);
  if (content === 'none') return null;
  if (content === 'unbound') return content;
  const counts = basename(path) === 'package.json' ? JSON.stringify(scriptsOf(content.toString('utf8'))) : content;
  return createHash('sha256').update(counts).digest('hex');
}

/** Folders, links, what lies elsewhere and what is too large have no content that an approval could be bound to. */
async function readIn(folder: string, path: string): Promise<Buffer | 'none' | 'unbound'> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined) return 'none';
  if (!stats.isFile() || stats.size > fileLimitBytes) return 'unbound';
  const file = await openInside(folder, path).catch(() => undefined);
  if (file === undefined) return 'unbound';
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}

const scripts = z.object({ scripts: z.record(z.string(), z.string()).default({}) });

/** The scripts of a package.json; none when it is not one. */
export function scriptsOf(text: string): Readonly<Record<string, string>> {
  try {
    return scripts.parse(JSON.parse(text)).scripts;
  } catch {
    return {};
  }
}

/** The scripts of the project's package.json that are not as they were where the task began: what they are now. */
export async function changedScripts(
  folder: string,
  original: (path: string) => Promise<string | undefined>,
): Promise<Readonly<Record<string, string>>> {
  const now = await readIn(folder, join(folder, 'package.json'));
  if (now === 'none' || now === 'unbound') return {};
  const before = scriptsOf((await original('package.json')) ?? '{}');
  return Object.fromEntries(
    Object.entries(scriptsOf(now.toString('utf8'))).filter(([name, script]) => before[name] !== script),
  );
}

/** Where a path really leads: as far as it exists, with its links followed; what does not exist yet is added as it is written. */
export function followLinks(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(followLinks(parent), basename(path));
  }
}
