import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import pg from 'pg';
import { inject } from 'vitest';
import { quickDisk } from '#tests/quick-disk.ts';
import { type Files, filesIn } from './files.ts';
import { type EmbeddedServer, type EmbeddedServerOptions, startEmbeddedServer } from './server.ts';

/** A temporary place for a server; leaving its block stops the servers started in it and removes everything. */
export interface TemporaryHome extends AsyncDisposable {
  /** The temporary directory itself, which everybody may pass. */
  readonly directory: string;
  /** What the server keeps; in a directory that does not exist yet. */
  readonly files: Files;
  start(options?: Omit<EmbeddedServerOptions, 'dataDirectory'>): Promise<EmbeddedServer>;
}

/** @param name of the server's directory within */
export async function temporaryHome(name = 'postgres'): Promise<TemporaryHome> {
  const directory = await mkdtemp(join(await quickDisk(), 'commander-server-'));
  await chmod(directory, 0o711);
  const files = filesIn(join(directory, name));
  const servers: EmbeddedServer[] = [];
  const start: TemporaryHome['start'] = async (options) => {
    const server = await startEmbeddedServer({ dataDirectory: files.root, ...options });
    servers.push(server);
    return server;
  };
  const dispose = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await rm(directory, { recursive: true, force: true });
  };
  return { directory, files, start, [Symbol.asyncDispose]: dispose };
}

/** The same with a server in it that has been set up already: copying one takes a tenth of the time of setting it up. */
export async function usedHome(): Promise<TemporaryHome> {
  const home = await temporaryHome();
  await execa('cp', ['-a', inject('setUpServer'), home.files.root]);
  return home;
}

/** The rows of one query on a connection of its own. */
export async function query(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}
