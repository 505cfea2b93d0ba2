import { chmod, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '#db/database.ts';
import { atDatabase, connectOnce } from '#db/embedded/cluster.ts';
import { filesIn } from '#db/embedded/files.ts';
import { isAlive } from '#db/embedded/process.ts';
import { startEmbeddedServer } from '#db/embedded/server.ts';
import { quickDisk } from './quick-disk.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The Postgres server of this test run; see tests/database.ts. */
    readonly serverUrl: string;
    /** Name of a database on it that has been migrated and is copied. */
    readonly migrated: string;
    /** Directory of a server that was set up, started and stopped, without its port and log; see db/embedded/testing.ts. */
    readonly setUpServer: string;
  }
}

const prefix = 'commander-tests-';
const migrated = 'migrated';

/** One Postgres server for the whole test run, each test file makes its own database in it; nothing of it remains. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const disk = await quickDisk();
  await removeLeftovers(disk);
  const directory = await mkdtemp(join(disk, `${prefix}${process.pid}-`));
  // As root the server runs as another user, who must be able to pass.
  await chmod(directory, 0o711);
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    const dataDirectory = join(directory, 'postgres');
    // The data is thrown away anyway, so it need not survive a power cut.
    const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };
    const first = await startEmbeddedServer({ dataDirectory, settings });
    await first.stop();
    project.provide('setUpServer', await keepCopy(dataDirectory, join(directory, 'set-up')));
    const server = await startEmbeddedServer({ dataDirectory, settings });
    await migrateOnce(server.url);
    project.provide('serverUrl', server.url);
    project.provide('migrated', migrated);
    return async () => {
      await server.stop();
      await remove();
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** @returns `copy`, with the data and password of a server that is stopped */
async function keepCopy(dataDirectory: string, copy: string): Promise<string> {
  const files = filesIn(dataDirectory);
  await mkdir(copy, { mode: 0o711 });
  await execa('cp', ['-a', files.data, files.password, copy]);
  return copy;
}

/** From nothing to this version's tables, as the first start does it. */
async function migrateOnce(serverUrl: string): Promise<void> {
  await connectOnce(serverUrl, `create database ${migrated}`);
  const url = atDatabase(serverUrl, migrated);
  const db = await openDatabase({ url, application: 'test template', role: 'bot', log: pino({ level: 'silent' }) });
  await db.close();
}

/** Directories of our test runs that were killed; the name holds the process id. Their servers ended with them. */
async function removeLeftovers(disk: string): Promise<void> {
  for (const name of await readdir(disk)) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    const path = join(disk, name);
    const found = await stat(path).catch(() => undefined);
    if (found?.uid === process.getuid?.()) await rm(path, { recursive: true, force: true });
  }
}
