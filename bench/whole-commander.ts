import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { openDatabase } from '#db/database.ts';
import { startEmbeddedServer } from '#db/embedded/server.ts';
import { addProject } from '#db/projects/projects.ts';

/** A folder and a database of a benchmark's own. */
export interface BenchPlace {
  readonly folder: string;
  readonly databaseUrl: string;
  remove(): Promise<void>;
}

export async function openBenchPlace(): Promise<BenchPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'commander-bench-'));
  await chmod(folder, 0o711);
  // On a disk: what is in memory commits at no cost.
  const disk = await mkdtemp('/var/tmp/commander-bench-');
  await chmod(disk, 0o711);
  const postgres = await startEmbeddedServer({ dataDirectory: join(disk, 'postgres') });
  return {
    folder,
    databaseUrl: postgres.url,
    async remove() {
      await postgres.stop();
      for (const each of [folder, disk]) await rm(each, { recursive: true, force: true });
    },
  };
}

export interface WholeCommanderOptions {
  readonly place: BenchPlace;
  /** Of the project “bench”, by id, as in commander.yaml. */
  readonly runbooks: Readonly<Record<string, object>>;
  /** The platform's settings, and others. */
  readonly env: NodeJS.ProcessEnv;
}

/** Starts Commander as `npm start` does, bot and worker, with one project; resolves when it is ready. */
export async function startWholeCommander({ place, runbooks, env }: WholeCommanderOptions): Promise<ChildProcess> {
  const { folder, databaseUrl } = place;
  const location = join(folder, 'bench');
  await mkdir(location);
  await writeFile(join(location, 'commander.yaml'), JSON.stringify({ runbooks }));
  const log = pino({ level: 'silent' });
  const db = await openDatabase({ url: databaseUrl, application: 'bench', role: 'bot', log });
  await addProject(db, { name: 'bench', kind: 'folder', location });
  await db.close();
  const own = { PATH: process.env.PATH, HOME: folder, COMMANDER_HOME: join(folder, 'home'), PORT: '0' };
  const child = spawn(process.execPath, ['bot/main.ts'], {
    env: { ...own, DATABASE_URL: databaseUrl, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`Commander ended with code ${code} before it was ready`)));
    // Read to the end: a process whose output nobody reads stands still.
    createInterface(child.stdout).on('line', (line) => {
      if (line.startsWith('Commander is ready')) resolve();
    });
  });
  return child;
}

/** Ends processes in order. */
export async function endAll(children: readonly ChildProcess[]): Promise<void> {
  const ended = children.map((child) => once(child, 'exit'));
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(ended);
}
