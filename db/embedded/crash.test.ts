import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test, vi } from 'vitest';
import { findRunning } from './running.ts';
import { query, usedHome } from './testing.ts';
import { databaseUser } from './user.ts';

const patience = { timeout: 20_000, interval: 20 };
const serverModule = new URL('./server.ts', import.meta.url).href;

/** A Commander of its own process that holds a server, with what the environment adds. */
async function startParent(dataDirectory: string, environment: Record<string, string> = {}) {
  const script = `
    const { startEmbeddedServer } = await import(${JSON.stringify(serverModule)});
    const server = await startEmbeddedServer({ dataDirectory: ${JSON.stringify(dataDirectory)} });
    console.log(server.url);
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = await once(createInterface({ input: parent.stdout }), 'line');
  return { parent, url: String(url) };
}

async function killHard(process: ChildProcess) {
  const exit = once(process, 'exit');
  process.kill('SIGKILL');
  await exit;
}

test('Killed Commander, dead server: in order, with nothing lost, and the next start is an ordinary one', async () => {
  await using home = await usedHome();
  const { parent, url } = await startParent(home.files.root);
  await query(url, 'create table kept as select 42 as answer');
  expect(await findRunning(home.files.data)).toMatchObject({ port: Number(new URL(url).port) });
  await killHard(parent);
  await vi.waitFor(async () => expect(await findRunning(home.files.data)).toBeUndefined(), patience);
  const next = await home.start();
  expect(next.adopted).toBe(false);
  expect(await query(next.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  expect(await readFile(`${home.files.log}.1`, 'utf8')).not.toContain('was interrupted');
});

test('A start right after the kill waits for the old server instead of failing', async () => {
  await using home = await usedHome();
  const { parent } = await startParent(home.files.root);
  await killHard(parent);
  const { url } = await home.start();
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('A server that outlived its Commander is adopted, and stopped with the new one', async () => {
  await using home = await usedHome();
  const first = await home.start();
  const second = await home.start();
  expect(second).toMatchObject({ adopted: true, url: first.url });
  expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  const seen = new Promise((resolve) => first.onExit(resolve));
  await second.stop();
  await second.stop();
  expect(await findRunning(home.files.data)).toBeUndefined();
  expect(await seen).toContain('It ended with code 0.');
});

test('The end of an adopted server is noticed', async () => {
  await using home = await usedHome();
  const first = await home.start();
  const second = await home.start();
  const seen = new Promise((resolve) => second.onExit(resolve));
  await first.stop();
  expect(await seen).toContain('It ended');
});

test('kill -9 of the server is noticed, and the next start has every committed row', async () => {
  await using home = await usedHome();
  const first = await home.start();
  const seen = new Promise((resolve) => first.onExit(resolve));
  await query(first.url, 'create table kept as select 42 as answer');
  const running = await findRunning(home.files.data);
  process.kill(running?.pid ?? 0, 'SIGKILL');
  const second = await home.start();
  expect(await seen).toContain('It was ended by SIGKILL.');
  expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  await first.stop();
  expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('Lock files with a process id that is another program now do not keep the server from starting', async () => {
  await using home = await usedHome();
  const first = await home.start();
  const { port } = new URL(first.url);
  const lockFiles = [join(home.files.data, 'postmaster.pid'), join(home.files.sockets, `.s.PGSQL.${port}.lock`)];
  const contents = await Promise.all(lockFiles.map((file) => readFile(file, 'utf8')));
  await first.stop();
  // Of the same user, and none of the server's own ancestors: Postgres takes such a lock for a living one.
  const user = await databaseUser(home.files.data);
  const stranger = spawn('sleep', ['600'], { ...(user && { uid: user.uid, gid: user.gid }), stdio: 'ignore' });
  onTestFinished(() => void stranger.kill());
  for (const [index, file] of lockFiles.entries()) {
    await writeFile(file, [stranger.pid, ...(contents[index] ?? '').split('\n').slice(1)].join('\n'));
  }
  const second = await home.start();
  expect(second.adopted).toBe(false);
});
