import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileState } from './changes.ts';

/** What stands at a path: a file or link with its content's id, nothing, a folder, or something behind a link. */
export type FoundState = FileState | 'nothing' | 'folder' | 'behind a link' | 'special file';

/** Looks at a file in a folder as git would keep it byte for byte. No link is followed, neither at the end nor on the way. */
export async function stateOf(folder: string, path: string): Promise<FoundState> {
  for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
    const found = await lstatOrNothing(join(folder, parent));
    if (found?.isSymbolicLink()) return 'behind a link';
  }
  const place = join(folder, path);
  const found = await lstatOrNothing(place);
  if (found === undefined) return 'nothing';
  if (found.isDirectory()) return 'folder';
  if (found.isSymbolicLink()) {
    const target = Buffer.from(await readlink(place));
    return { mode: '120000', id: createHash('sha1').update(`blob ${target.length}\0`).update(target).digest('hex') };
  }
  if (!found.isFile()) return 'special file';
  const hash = createHash('sha1').update(`blob ${found.size}\0`);
  for await (const part of createReadStream(place)) hash.update(part);
  return { mode: (found.mode & 0o100) === 0 ? '100644' : '100755', id: hash.digest('hex') };
}

/** Whether what was found is exactly a side of a change (`undefined`: no file). */
export function isState(found: FoundState, wanted: FileState | undefined): boolean {
  if (typeof found === 'string') return found === 'nothing' && wanted === undefined;
  return found.mode === wanted?.mode && found.id === wanted.id;
}

async function lstatOrNothing(path: string) {
  return lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
}
