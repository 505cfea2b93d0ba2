import { randomBytes } from 'node:crypto';
import { chown, rename } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Binaries } from './binaries.ts';
import { exists, type Files, makeFor, readIfThere, remove, writePrivate } from './files.ts';
import { EmbeddedServerError, explainFailure, ownServerAdvice } from './problem.ts';
import { type DatabaseUser, runAs } from './user.ts';

/** Superuser of the embedded server, and the database that Commander lives in. */
export const superuser = 'commander';
export const databaseName = 'commander';

/**
 * The password of the data, which is made (initdb) when there is none yet.
 * @throws EmbeddedServerError `wrong_version`, `password_missing`, `disk_full`, …
 */
export async function prepareCluster(
  files: Files,
  binaries: Binaries,
  user: DatabaseUser | undefined,
  onNotice: (line: string) => void,
): Promise<string> {
  if (!(await exists(files.data))) {
    onNotice(`Setting up the embedded Postgres ${binaries.major} in ${files.root} (first start only).`);
    return initialise(files, binaries, user);
  }
  await demandVersion(files, binaries);
  const password = (await readIfThere(files.password))?.trim();
  if (password) return password;
  throw new EmbeddedServerError(
    'password_missing',
    `The database in ${files.data} is there, but the file ${files.password} with its password is not. Put it back from ` +
      `the backup; if the data is of no worth, remove ${files.root} whole. ${ownServerAdvice}`,
  );
}

/** Makes Commander's database on a new server; on a later start this is one connection. */
export async function ensureDatabase(url: string): Promise<void> {
  const missing = await connectOnce(url).then(
    () => false,
    (error: { code?: string }) => {
      if (error.code === '3D000') return true; // invalid_catalog_name
      throw error;
    },
  );
  if (missing) await connectOnce(atDatabase(url, 'postgres'), `create database ${databaseName}`);
}

/** The same server and user, another database. */
export function atDatabase(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

/** Connects, runs one statement, and disconnects. */
export async function connectOnce(url: string, statement = 'select 1'): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  // A server that goes away while we close would otherwise end the process; what matters is the query's own failure.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function initialise(files: Files, binaries: Binaries, user: DatabaseUser | undefined): Promise<string> {
  const password = randomBytes(32).toString('base64url');
  // Made beside and moved into place when complete: a start that is cut short leaves nothing half-made to trip over.
  const unfinished = `${files.data}.unfinished`;
  await remove(unfinished);
  await makeFor(unfinished, user);
  await makeFor(join(unfinished, 'data'), user);
  const passwordFile = join(unfinished, 'password');
  await writePrivate(passwordFile, `${password}\n`);
  if (user) await chown(passwordFile, user.uid, user.gid);
  const made = await runAs(user, binaries.initdb, [
    `--pgdata=${join(unfinished, 'data')}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // C.UTF-8 by Postgres itself: the same order and case rules on every system, whatever locales that has.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-sync',
  ]);
  if (!made.ok) throw explainFailure('The embedded Postgres could not be set up', made.problem.split('\n'), files.data);
  await writePrivate(files.password, `${password}\n`);
  await rename(join(unfinished, 'data'), files.data);
  await remove(unfinished);
  return password;
}

async function demandVersion(files: Files, binaries: Binaries): Promise<void> {
  const found = (await readIfThere(join(files.data, 'PG_VERSION')))?.trim();
  if (found === binaries.major) return;
  throw new EmbeddedServerError(
    'wrong_version',
    `The data in ${files.data} is of Postgres ${found ?? 'unknown (PG_VERSION is missing)'}, but this Commander brings ` +
      `Postgres ${binaries.major}. Start the Commander version that made it and move the data by backup and restore, or set ` +
      `COMMANDER_HOME to a new directory. ${ownServerAdvice}`,
  );
}
