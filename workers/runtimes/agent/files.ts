import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { RequestError } from '@agentclientprotocol/sdk';
import { createInside } from '../../outputs/create-inside.ts';
import { openInside } from '../../outputs/open-inside.ts';
import { followLinks } from './deciding.ts';

/** The largest file that is handed to an agent over the protocol, in bytes; it can read larger ones itself. */
const readLimitBytes = 8 * 1024 * 1024;

/** Reads a text file of the work folder for an agent, whole or some of its lines (`line` counts from 1). */
export async function readForAgent(
  folder: string,
  { path, line, limit }: { readonly path: string; readonly line?: number | null; readonly limit?: number | null },
): Promise<string> {
  const file = await openInside(folder, await placeOf(folder, path)).catch((error: unknown) => {
    throw RequestError.resourceNotFound(`${path}: ${wordsOf(error)}`);
  });
  try {
    const { size } = await file.stat();
    if (size > readLimitBytes) throw RequestError.invalidParams(undefined, `${path} is larger than 8 MiB`);
    const text = await file.readFile('utf8');
    if (line === undefined || line === null) return limited(text, 0, limit);
    return limited(text, Math.max(0, line - 1), limit);
  } finally {
    await file.close();
  }
}

function limited(text: string, from: number, count: number | null | undefined): string {
  if (from === 0 && (count === undefined || count === null)) return text;
  const end = count === undefined || count === null ? undefined : from + count;
  return text.split('\n').slice(from, end).join('\n');
}

/** Writes a text file of the work folder for an agent: never through a link out of it, never into a `.git`. */
export async function writeForAgent(folder: string, path: string, content: string): Promise<void> {
  const root = await realpath(folder);
  const owner = await ownerOf(folder);
  const file = await createInside(root, relative(root, await placeOf(folder, path)).split(sep), async (made) => {
    if (owner !== undefined) await made.chown(owner.uid, owner.gid);
  });
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}

/** Where Commander is root, an agent in a sandbox is not: what is made for it is given to the owner of its folder. */
async function ownerOf(folder: string): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
  return process.getuid?.() === 0 ? stat(folder) : undefined;
}

/** The path with every link in its folders resolved; it must lie inside of the work folder. */
export async function placeOf(folder: string, path: string): Promise<string> {
  const root = await realpath(folder);
  const wanted = resolve(folder, path);
  refuseOutside(resolve(folder), wanted, path);
  const place = join(followLinks(dirname(wanted)), basename(wanted));
  refuseOutside(root, place, path);
  return place;
}

function refuseOutside(root: string, place: string, path: string): void {
  const inside = relative(root, place);
  if (inside === '' || inside.startsWith('..') || inside.split(sep).includes('.git')) {
    throw RequestError.invalidParams({ path }, `${path} is not a file of the work folder`);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
