import { access, constants, realpath, stat } from 'node:fs/promises';
import { dirname, join, parse, resolve, sep } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { EmbeddedServerError, ownServerAdvice } from './problem.ts';

/** Whom the server runs as when Commander itself is root: Postgres refuses to run as root. */
export interface DatabaseUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The environment of every program here: built from nothing, so that no PG* variable of the person's gets in. */
export const plainEnvironment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

const ownName = 'commander';
const otherNames = ['postgres', 'nobody'];

/**
 * Whom the server of this data directory runs as; undefined means as ourselves. As root it is the owner of existing data,
 * else the system user "commander", made here if need be, else another system user.
 * @throws EmbeddedServerError `no_database_user`
 */
export async function databaseUser(data: string): Promise<DatabaseUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(data).catch(() => undefined);
  if (owner && owner.uid !== 0) return { name: `of id ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  const user = (await findUser(ownName)) ?? (await createUser()) ?? (await findFirst(otherNames));
  if (user) return user;
  throw new EmbeddedServerError(
    'no_database_user',
    `Postgres refuses to run as root, and there is no user it could run as: "useradd --system ${ownName}" failed and ` +
      `none of ${otherNames.join(', ')} exists. Create the user, or start Commander as a normal user. ${ownServerAdvice}`,
  );
}

/**
 * Whether a server that Commander starts could use a directory at this path, which need not exist yet: every directory on
 * the way must let its user pass. Creates nothing.
 */
export async function reachableByDatabaseUser(path: string): Promise<boolean> {
  const user = process.getuid?.() === 0 ? await findFirst([ownName, ...otherNames]) : undefined;
  return passable(await nearestExisting(path), user);
}

/** @throws EmbeddedServerError `directory_unreachable`, naming the directory that bars the way */
export async function demandReachable(path: string, user: DatabaseUser | undefined): Promise<void> {
  const existing = await nearestExisting(path);
  if (await passable(existing, user)) return;
  const barrier = await firstBarrier(existing, user);
  const mode = ((await stat(barrier)).mode & 0o777).toString(8).padStart(4, '0');
  const who = user ? `the database's user (${user.name}, because Postgres refuses to run as root)` : 'you';
  throw new EmbeddedServerError(
    'directory_unreachable',
    `The database can't live in ${path}: ${barrier} (mode ${mode}) does not let ${who} pass. Set COMMANDER_HOME to a ` +
      `directory elsewhere, for example COMMANDER_HOME=/var/lib/commander, or open the way: chmod o+x ${barrier}. ${ownServerAdvice}`,
  );
}

/** Runs a short program as the database's user (or ourselves); a failure is in the result, never thrown. */
export async function runAs(user: DatabaseUser | undefined, file: string, args: readonly string[]): Promise<Ran> {
  // cwd: the directory we were started in may be closed to the user, and initdb insists on entering its own.
  const common = { cwd: '/', env: plainEnvironment, extendEnv: false, reject: false, stdin: 'ignore' } as const;
  const ids = user ? { uid: user.uid, gid: user.gid } : {};
  const { failed, stdout, stderr, shortMessage } = await execa(file, args, { ...common, ...ids });
  return { ok: !failed, stdout, problem: stderr || shortMessage || '' };
}

/** How a short program ended; `problem` is what it printed as errors, or why it could not be run. */
export interface Ran {
  readonly ok: boolean;
  readonly stdout: string;
  readonly problem: string;
}

async function findUser(name: string): Promise<DatabaseUser | undefined> {
  const [uid, gid] = await Promise.all([runAs(undefined, 'id', ['-u', name]), runAs(undefined, 'id', ['-g', name])]);
  return uid.ok && gid.ok ? { name, uid: Number(uid.stdout), gid: Number(gid.stdout) } : undefined;
}

async function findFirst(names: readonly string[]): Promise<DatabaseUser | undefined> {
  for (const name of names) {
    const user = await findUser(name);
    if (user) return user;
  }
  return undefined;
}

async function createUser(): Promise<DatabaseUser | undefined> {
  const flags = [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/usr/sbin/nologin',
  ];
  // Several tries, because another useradd may hold the lock of /etc/passwd, or make the same user at this moment.
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const created = await runAs(undefined, 'useradd', [...flags, ownName]);
    const user = await findUser(ownName);
    if (user || !/lock/.test(created.problem)) return user;
    await pause(100);
  }
  return undefined;
}

async function passable(directory: string, user: DatabaseUser | undefined): Promise<boolean> {
  if (user) return (await runAs(user, 'test', ['-x', directory])).ok;
  return access(directory, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function nearestExisting(path: string): Promise<string> {
  for (let at = resolve(path); ; at = dirname(at)) {
    const real = await realpath(at).catch(() => undefined);
    if (real !== undefined || at === dirname(at)) return real ?? at;
  }
}

async function firstBarrier(directory: string, user: DatabaseUser | undefined): Promise<string> {
  let at = parse(directory).root;
  for (const name of directory.slice(at.length).split(sep)) {
    if (!(await passable(at, user))) return at;
    at = join(at, name);
  }
  return at;
}
