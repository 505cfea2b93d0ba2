import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findRunning } from './running.ts';
import { reachableByDatabaseUser } from './server.ts';
import { temporaryHome, usedHome } from './testing.ts';

const isRoot = process.getuid?.() === 0;

test('A way that is closed gives an error that names it and the way out, before anything is made', async () => {
  await using home = await temporaryHome(join('closed', 'deep', 'postgres'));
  const closed = join(home.directory, 'closed');
  await mkdir(join(closed, 'deep'), { recursive: true });
  // As root the database's user can't pass; as a normal user, we can't.
  await chmod(closed, isRoot ? 0o700 : 0o600);
  try {
    expect(await reachableByDatabaseUser(home.files.root)).toBe(false);
    await expect(home.start()).rejects.toMatchObject({
      code: 'directory_unreachable',
      message: expect.stringMatching(`${closed} \\(mode 0[67]00\\).*COMMANDER_HOME=/var/lib/commander`),
    });
    await chmod(closed, 0o711);
    expect(await reachableByDatabaseUser(home.files.root)).toBe(true);
    expect(await reachableByDatabaseUser(join(home.files.root, 'not', 'yet', 'there'))).toBe(true);
  } finally {
    await chmod(closed, 0o700);
  }
});

test.skipIf(!isRoot)('Data that was copied by root, open to all, is handed to the database user', async () => {
  await using home = await usedHome();
  await chmod(home.files.data, 0o755);
  await chown(home.files.data, 0, 0);
  await chown(join(home.files.data, 'PG_VERSION'), 0, 0);
  await chmod(join(home.files.data, 'PG_VERSION'), 0o600);
  await (await home.start()).stop();
});

test('Data of another Postgres version is refused with both versions named', async () => {
  await using home = await usedHome();
  await writeFile(join(home.files.data, 'PG_VERSION'), '15\n');
  await expect(home.start()).rejects.toMatchObject({
    code: 'wrong_version',
    message: expect.stringMatching(/is of Postgres 15, but this Commander brings Postgres \d+/),
  });
});

test('A lost password file is named', async () => {
  await using home = await usedHome();
  await rm(home.files.password);
  await expect(home.start()).rejects.toMatchObject({
    code: 'password_missing',
    message: expect.stringContaining(home.files.password),
  });
});

test('A server that refuses to start shows its own last words', async () => {
  await using home = await usedHome();
  await rm(join(home.files.data, 'global'), { recursive: true });
  await expect(home.start()).rejects.toMatchObject({
    code: 'start_failed',
    message: expect.stringMatching(/did not start[\s\S]*DATABASE_URL[\s\S]*global\/pg_control/),
  });
  expect(await findRunning(home.files.data)).toBeUndefined();
});

test('A file where the directory should be is an error with a way out', async () => {
  await using home = await temporaryHome(join('file', 'postgres'));
  await writeFile(join(home.directory, 'file'), '', { mode: 0o755 });
  await expect(home.start()).rejects.toMatchObject({ code: 'directory_unusable' });
});
