import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { findRunning } from './running.ts';
import { query, temporaryHome, usedHome } from './testing.ts';

test('The first start sets up, a later one finds data, port and password as they were', async () => {
  await using home = await temporaryHome();
  const notices: string[] = [];
  const first = await home.start({ onNotice: (line) => notices.push(line) });
  await query(first.url, 'create table kept as select 42 as answer');
  await first.stop();
  expect(await findRunning(home.files.data)).toBeUndefined();
  const second = await home.start({ onNotice: (line) => notices.push(line) });
  expect(second).toMatchObject({ url: first.url, adopted: false });
  expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  expect(notices).toEqual([expect.stringContaining('first start only')]);
  await second.stop();
});

test('Only this machine gets in, and only with the password, which others can not read', async () => {
  await using home = await temporaryHome();
  const { url } = await home.start();
  const { hostname, password } = new URL(url);
  expect(hostname).toBe('127.0.0.1');
  expect(password.length).toBeGreaterThanOrEqual(43);
  expect((await stat(home.files.password)).mode & 0o777).toBe(0o600);
  expect((await stat(home.files.data)).mode & 0o777).toBe(0o700);
  const guess = new URL(url);
  guess.password = 'password';
  await expect(query(guess.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  expect(await query(url, "select setting from pg_settings where name = 'listen_addresses'")).toEqual([
    { setting: '127.0.0.1' },
  ]);
});

test('Safe and small settings; order and case of text do not depend on the system', async () => {
  await using home = await usedHome();
  const { url } = await home.start();
  const names = ['fsync', 'synchronous_commit', 'jit', 'idle_in_transaction_session_timeout', 'TimeZone'];
  const rows = await query(url, 'select name, setting from pg_settings where name = any($1)', [names]);
  expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
    fsync: 'on',
    synchronous_commit: 'on',
    jit: 'off',
    idle_in_transaction_session_timeout: '60000',
    TimeZone: 'UTC',
  });
  expect(await query(url, "select upper('straße é') as upper, 'B' < 'a' as by_code")).toEqual([
    { upper: 'STRAßE É', by_code: true },
  ]);
});

test('A remembered port that someone else took is replaced', async () => {
  await using home = await usedHome();
  const first = await home.start();
  await first.stop();
  const taken = Number(new URL(first.url).port);
  const squatter = createServer().listen(taken, '127.0.0.1');
  try {
    const second = await home.start();
    expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
    await query(second.url, 'select 1');
    await second.stop();
  } finally {
    squatter.close();
  }
});

test.each([['x'.repeat(120)], ['with space, comma and "quotes"'], ['é'.repeat(60)]])(
  'Works in a directory whose path can not hold a socket: %s',
  async (name) => {
    await using home = await temporaryHome(name);
    const { url } = await home.start();
    expect(await query(url, "select current_setting('unix_socket_directories') as sockets")).toEqual([{ sockets: '' }]);
  },
);

test('Stopping twice, at once or later, also with open connections', async () => {
  await using home = await usedHome();
  const server = await home.start();
  const client = new pg.Client({ connectionString: server.url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin; select txid_current()');
  await Promise.all([server.stop(), server.stop()]);
  await server.stop();
  expect(await findRunning(home.files.data)).toBeUndefined();
  expect(await readFile(home.files.log, 'utf8')).toContain('database system is shut down');
});

test('The end by stop is expected, so nobody is called', async () => {
  await using home = await usedHome();
  const server = await home.start();
  const calls: string[] = [];
  server.onExit((reason) => calls.push(reason));
  await server.stop();
  await new Promise(setImmediate);
  expect(calls).toEqual([]);
});

test('A setup that was cut short is done again', async () => {
  await using home = await temporaryHome();
  await mkdir(join(`${home.files.data}.unfinished`, 'data'), { recursive: true });
  await writeFile(join(`${home.files.data}.unfinished`, 'data', 'PG_VERSION'), '18');
  const { url } = await home.start();
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
});
