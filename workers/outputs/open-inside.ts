import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';

/** A file that a command made is no file of its own place: a link out of it, a device, a pipe, or gone again. */
export class NotAFileInside extends Error {
  readonly code = 'not_a_file_inside';
}

/**
 * Opens an ordinary file below `root` for reading. What stands at the path can change at any moment, so the question is not
 * where the path leads but what was really opened: the descriptor is asked, after opening without following a link and without
 * waiting for a pipe's writer.
 * @throws NotAFileInside
 */
export async function openInside(root: string, path: string): Promise<FileHandle> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw new NotAFileInside(`it can not be opened (${codeOf(error)})`, { cause: error });
  }
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new NotAFileInside('it is no ordinary file');
    const real = await placeOf(file, path);
    if (!isBelow(await realpath(root), real)) throw new NotAFileInside('it lies outside of the work folder');
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Where the opened file really is. Where the system has no /proc, by comparing the identity of what the path leads to. */
async function placeOf(file: FileHandle, path: string): Promise<string> {
  try {
    return await readlink(`/proc/self/fd/${file.fd}`);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  const real = await realpath(path);
  const [opened, named] = await Promise.all([file.stat(), stat(real)]);
  if (opened.dev !== named.dev || opened.ino !== named.ino)
    throw new NotAFileInside('it was exchanged while it was read');
  return real;
}

function isBelow(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
