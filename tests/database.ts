import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { atDatabase, connectOnce } from '#db/embedded/cluster.ts';

/** An empty database of one test file. */
export interface TestDatabase {
  readonly url: string;
  /** Removes it, ending connections that are still open. */
  drop(): Promise<void>;
}

/** Makes a fresh, empty database on the test run's server (tests/global-setup.ts); call `drop` in afterAll. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject('serverUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await connectOnce(server, `create database ${name}`);
  return { url: atDatabase(server, name), drop: () => connectOnce(server, `drop database ${name} with (force)`) };
}
