import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '#db/database.ts';
import { atDatabase, connectOnce } from '#db/embedded/cluster.ts';
import { isAlive } from '#db/embedded/process.ts';
import { startEmbeddedServer } from '#db/embedded/server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The Postgres server of this test run; see tests/database.ts. */
    readonly serverUrl: string;
    /** Name of a database on it that has been migrated and is copied. */
    readonly migrated: string;
  }
}

const prefix = 'commander-tests-';
const migrated = 'migrated';

/** One Postgres server for the whole test run, each test file makes its own database in it; nothing of it remains. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers();
  const directory = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  // As root the server runs as another user, who must be able to pass.
  await chmod(directory, 0o711);
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    const server = await startEmbeddedServer({
      dataDirectory: join(directory, 'postgres'),
      // The data is thrown away anyway, so it need not survive a power cut.
      settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
    });
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

/** From nothing to this version's tables, as the first start does it. */
async function migrateOnce(serverUrl: string): Promise<void> {
  await connectOnce(serverUrl, `create database ${migrated}`);
  const url = atDatabase(serverUrl, migrated);
  const db = await openDatabase({ url, application: 'test template', role: 'bot', log: pino({ level: 'silent' }) });
  await db.close();
}

/** Directories of our test runs that were killed; the name holds the process id. Their servers ended with them. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    const path = join(tmpdir(), name);
    const found = await stat(path).catch(() => undefined);
    if (found?.uid === process.getuid?.()) await rm(path, { recursive: true, force: true });
  }
}
