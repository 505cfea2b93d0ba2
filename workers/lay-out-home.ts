import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What lies in them is nobody's but Commander's: outputs can hold anything, and their names can be guessed. */
const ownFolders = ['blobs', 'homes', 'logs', 'repositories', 'runs', 'walled-homes', 'work'];

/**
 * Makes the data directory and its folders where they are missing, closed to other users of the machine. Through the directory
 * itself the database's user must be able to pass to its own folder. What is there already keeps the rights that it was given.
 */
export async function layOutHome(home: string): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o711 });
  for (const name of ownFolders) await mkdir(join(home, name), { recursive: true, mode: 0o700 });
}
