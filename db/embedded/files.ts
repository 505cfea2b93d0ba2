import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { EmbeddedServerError, ownServerAdvice, unusable } from './problem.ts';
import { type DatabaseUser, runAs } from './user.ts';

/** What lies in the data directory. */
export interface Files {
  readonly root: string;
  /** Postgres' own data directory; belongs to the database's user, everything else to us. */
  readonly data: string;
  readonly sockets: string;
  readonly log: string;
  readonly password: string;
  readonly port: string;
  /** Copies of the binaries, where the installed ones can't be reached. */
  readonly binaries: string;
}

export function filesIn(directory: string): Files {
  const root = resolve(directory);
  const at = (name: string) => join(root, name);
  return {
    root,
    data: at('data'),
    sockets: at('socket'),
    log: at('server.log'),
    password: at('password'),
    port: at('port'),
    binaries: at('binaries'),
  };
}

/**
 * Makes the data directory and gives the database's user its part, so that also data restored or first used by someone
 * else works. The rest stays ours: whoever breaks into the server must not choose what we, as root, write to.
 * @throws EmbeddedServerError `wrong_owner`
 */
export async function prepareFiles(files: Files, user: DatabaseUser | undefined): Promise<void> {
  await makeRoot(files.root, user);
  if (!user) await demandOwn([files.root, files.data]);
  await makeFor(files.sockets, user);
  if (await exists(files.data)) await handOver(files.data, user);
}

/** A directory of the database's user (or ours) alone. */
export async function makeFor(directory: string, user: DatabaseUser | undefined): Promise<void> {
  await mkdir(directory, { recursive: true });
  if (user) await chown(directory, user.uid, user.gid);
  await chmod(directory, 0o700);
}

/** Writes a small file of ours (0600) whole or not at all, never through a link that lies there. */
export async function writePrivate(path: string, text: string): Promise<void> {
  const fresh = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(fresh, text, { mode: 0o600, flag: 'wx' });
  await rename(fresh, path);
}

/** The text of a file, or undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

export async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function makeRoot(root: string, user: DatabaseUser | undefined): Promise<void> {
  const firstMade = await mkdir(root, { recursive: true });
  // Others may pass but not list: the database's user must get to its parts, which are closed to everybody else.
  const mode = user ? 0o711 : 0o700;
  await chmod(root, mode);
  if (firstMade === undefined) return;
  for (let at = root; at.length >= firstMade.length; at = dirname(at)) await chmod(at, mode);
}

async function demandOwn(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const owner = (await stat(path).catch(() => undefined))?.uid;
    if (owner === undefined || owner === process.getuid?.()) continue;
    throw new EmbeddedServerError(
      'wrong_owner',
      `The database in ${path} belongs to user id ${owner}, not to you (${process.getuid?.()}); it was probably made when ` +
        `Commander ran as root. Start it as root again, or give it to you: sudo chown -R ${process.getuid?.()} ${path}. ` +
        ownServerAdvice,
    );
  }
}

async function handOver(data: string, user: DatabaseUser | undefined): Promise<void> {
  if (user && (await stat(data)).uid !== user.uid) {
    // -h: a link inside must not make us give away what it points to.
    const given = await runAs(undefined, 'chown', ['-R', '-h', `${user.uid}:${user.gid}`, data]);
    if (!given.ok) throw unusable(data, given.problem);
  }
  // Postgres refuses a data directory that others may read, as a restored copy often is.
  await chmod(data, 0o700);
}
