import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unfinishedPrefix } from '#core/run/places.ts';

/** What lies in them is nobody's but Commander's: outputs can hold anything, and their names can be guessed. */
const ownFolders = ['blobs', 'homes', 'logs', 'repositories', 'runs', 'walled-homes', 'work'];

/**
 * Makes the data directory and its folders where they are missing, closed to other users of the machine. Through the directory
 * itself the database's user must be able to pass to its own folder. What is there already keeps the rights that it was given; files
 * that a crash left half written a day ago or earlier are removed.
 */
export async function layOutHome(home: string): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o711 });
  for (const name of ownFolders) await mkdir(join(home, name), { recursive: true, mode: 0o700 });
  await removeUnfinished(join(home, 'blobs'));
}

/** After so long without a byte nobody writes a file any more, in milliseconds: whoever did has crashed. */
const abandonedMs = 24 * 3600_000;

async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(unfinishedPrefix)) continue;
    const path = join(folder, name);
    // Another process may just have finished it.
    const written = await stat(path).catch(() => undefined);
    if (written !== undefined && written.mtimeMs < Date.now() - abandonedMs) await rm(path, { force: true });
  }
}
