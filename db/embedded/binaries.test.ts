import { existsSync } from 'node:fs';
import { chmod, cp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installedBinaries, usableBinaries } from './binaries.ts';
import { filesIn, prepareFiles } from './files.ts';
import { temporaryHome } from './testing.ts';
import { databaseUser, runAs } from './user.ts';

/** The package as it lies below /root, or after an install that ran no scripts: out of reach, without library links. */
async function unusableCopy(native: string, directory: string): Promise<string> {
  const copy = join(directory, 'closed');
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  for (const entry of await readdir(join(copy, 'lib'), { withFileTypes: true })) {
    if (entry.isSymbolicLink()) await rm(join(entry.parentPath, entry.name));
  }
  await chmod(join(copy, 'bin', 'postgres'), 0o600);
  await chmod(copy, 0o700);
  return copy;
}

test('Binaries that the database user can not run are copied, once, and run from there', async () => {
  await using home = await temporaryHome();
  const user = await databaseUser(home.files.data);
  await prepareFiles(home.files, user);
  const { native } = await installedBinaries();
  const installed = { native: await unusableCopy(native, home.directory), version: '1.2.3' };
  const binaries = await usableBinaries(installed, home.files.binaries, user);
  expect(binaries.postgres.startsWith(join(home.files.binaries, '1.2.3-'))).toBe(true);
  expect((await runAs(user, binaries.initdb, ['--version'])).stdout).toContain(binaries.major);
  const made = await stat(binaries.postgres);
  expect(await usableBinaries(installed, home.files.binaries, user)).toEqual(binaries);
  expect((await stat(binaries.postgres)).ino).toBe(made.ino);

  const newer = await usableBinaries({ ...installed, version: '1.2.4' }, home.files.binaries, user);
  expect(newer.postgres).toContain('1.2.4-');
  expect(existsSync(binaries.postgres)).toBe(false);
});

test('Binaries that do not run here at all are an error with a way out', async () => {
  await using home = await temporaryHome();
  const files = filesIn(join(home.directory, 'postgres'));
  await prepareFiles(files, undefined);
  const broken = join(home.directory, 'broken');
  const { native } = await installedBinaries();
  await cp(join(native, 'bin'), join(broken, 'bin'), { recursive: true });
  await expect(usableBinaries({ native: broken, version: '1' }, files.binaries, undefined)).rejects.toMatchObject({
    code: 'binaries_unusable',
    message: expect.stringContaining('DATABASE_URL'),
  });
});
