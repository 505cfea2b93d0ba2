import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkpoint } from './checkpoint.ts';
import { deliver } from './deliver.ts';
import { previewRevert, revert } from './revert.ts';
import { previewDeliveredRevert, revertDelivered } from './revert-delivered.ts';
import type { Source } from './source.ts';
import { ana, personCommit, personGit, readFiles, workshop, writeFiles } from './testing.ts';
import { openWorkFolder } from './work-folder.ts';

const files = { 'a.txt': '1\n2\n3\n4\n5\n', 'b.txt': 'two\n', 'c.txt': 'c1\nc2\nc3\nc4\n', '.gitignore': 'build/\n' };
const changed = { 'a.txt': '1 changed\n2\n3\n4\n5\n', 'new.txt': 'new\n', 'moved.txt': files['c.txt'] };

async function worked(kind: Source['kind']) {
  const shop = await workshop(kind, files);
  await writeFiles(shop.folder.path, { ...changed, 'build/x': 'x' });
  await rm(join(shop.folder.path, 'c.txt'));
  const { commit } = await checkpoint(shop.folder, { n: 1, message: 'work', author: ana });
  const { source, home, folder } = shop;
  const opened = await openWorkFolder(source, { taskId: 't1', number: 7, slug: 'do-it', home, base: folder.base });
  return { ...shop, folder: opened, commit, base: folder.base };
}

async function delivered(kind: Source['kind']) {
  const shop = await worked(kind);
  await deliver(shop.source, { number: 7, commit: shop.commit, message: 'Merge', author: ana });
  return { ...shop, range: { from: shop.commit, to: shop.base } };
}

const how = { number: 7, message: 'Revert', author: ana };

it('says what it will do to undelivered work, does it, and undoes that', async () => {
  const { folder, commit, base } = await worked('repository');
  const preview = await previewRevert(folder, { from: commit, to: base });
  expect(preview).toMatchObject({ verdict: 'eligible', delivered: false, cannot: [] });
  expect(preview.undone).toEqual(['a.txt is changed back', 'moved.txt is c.txt again', 'new.txt is removed']);
  expect(preview.notes).toHaveLength(1);
  const back = await revert(folder, { n: 2, to: base, message: 'back', author: ana });
  expect(await readFiles(folder.path)).toEqual({ ...files, 'build/x': 'x' });
  expect(back.files).toEqual(preview.files);
  const forth = await revert(folder, { n: 3, to: commit, message: 'forth', author: ana });
  expect(await readFiles(folder.path)).toEqual({
    ...changed,
    'b.txt': 'two\n',
    '.gitignore': 'build/\n',
    'build/x': 'x',
  });
  expect(forth.changed).toBe(true);
  expect((await previewRevert(folder, { from: forth.commit, to: commit })).verdict).toBe('not');
});

it('takes back single files, a renamed one with both its names', async () => {
  const { folder, base } = await worked('repository');
  const back = await revert(folder, { n: 2, to: base, files: ['c.txt', 'new.txt'], message: 'back', author: ana });
  const expected: Record<string, string> = { ...files, 'a.txt': changed['a.txt'], 'build/x': 'x' };
  expect(await readFiles(folder.path)).toEqual(expected);
  const again = await revert(folder, { n: 2, to: base, files: ['c.txt', 'new.txt'], message: 'back', author: ana });
  expect(again).toEqual(back);
});

it('keeps what the folder held and no checkpoint knew', async () => {
  const { folder, base, source } = await worked('repository');
  await writeFiles(folder.path, { 'unsaved.txt': 'precious\n' });
  await revert(folder, { n: 2, to: base, message: 'back', author: ana });
  await revert(folder, { n: 2, to: base, message: 'back', author: ana });
  expect(await personGit(source.directory, 'show', 'refs/commander/7/2-before:unsaved.txt')).toBe('precious');
});

it.each(['repository', 'folder'] as const)('takes delivered work back, and again forth (%s)', async (kind) => {
  const { source, range } = await delivered(kind);
  await writeFiles(source.location, { 'a.txt': '1 changed\n2\n3\n4\n5\n6 by another\n' });
  if (kind === 'repository') await personCommit(source.location, 'Another');
  const preview = await previewDeliveredRevert(source, range);
  expect(preview).toMatchObject({ verdict: 'eligible', delivered: true, cannot: [] });
  expect(preview.notes).toHaveLength(1);
  const back = await revertDelivered(source, { ...how, ...range, key: 'k1', expectedBase: preview.base });
  expect(await readFiles(source.location)).toEqual({ ...files, 'a.txt': `${files['a.txt']}6 by another\n` });
  expect(await revertDelivered(source, { ...how, ...range, key: 'k1', expectedBase: preview.base })).toEqual(back);
  expect((await previewDeliveredRevert(source, range)).verdict).toBe('not');
  await expect(revertDelivered(source, { ...how, ...range, key: 'k2' })).rejects.toMatchObject({
    code: 'nothing_to_do',
  });
  await revertDelivered(source, { ...how, from: range.to, to: range.from, key: 'k3' });
  expect(await readFiles(source.location)).toEqual({
    ...changed,
    'b.txt': 'two\n',
    '.gitignore': 'build/\n',
    'a.txt': `${changed['a.txt']}6 by another\n`,
  });
});

it('takes back single files of delivered work', async () => {
  const { source, range } = await delivered('repository');
  await revertDelivered(source, { ...how, ...range, key: 'k', files: ['moved.txt'] });
  expect(await readFiles(source.location)).toEqual({ ...files, 'a.txt': changed['a.txt'], 'new.txt': 'new\n' });
});

it('says which files cannot be taken back, and takes back the others', async () => {
  const { source, range } = await delivered('repository');
  await writeFiles(source.location, { 'a.txt': '1 changed again\n2\n3\n4\n5\n' });
  await personCommit(source.location, 'Another');
  await writeFiles(source.location, { 'new.txt': 'mine, uncommitted\n' });
  const preview = await previewDeliveredRevert(source, range);
  expect(preview.verdict).toBe('partly');
  expect(preview.cannot).toEqual([
    { what: 'a.txt', why: 'it was changed again after the delivery' },
    { what: 'new.txt', why: 'it has uncommitted changes in the checkout' },
  ]);
  expect(preview.undone).toEqual(['moved.txt is c.txt again']);
  await revertDelivered(source, { ...how, ...range, key: 'k' });
  expect(await readFiles(source.location)).toEqual({
    ...files,
    'a.txt': '1 changed again\n2\n3\n4\n5\n',
    'new.txt': 'mine, uncommitted\n',
  });
});

it('says when nothing can be taken back, and when the project has gone', async () => {
  const { source, range } = await delivered('repository');
  await writeFiles(source.location, { 'a.txt': '1 changed again\n2\n3\n4\n5\n' });
  await personCommit(source.location, 'Another');
  const only = { ...range, files: ['a.txt'] };
  expect(await previewDeliveredRevert(source, only)).toMatchObject({ verdict: 'not', cannot: [{ what: 'a.txt' }] });
  await expect(revertDelivered(source, { ...how, ...only, key: 'k' })).rejects.toMatchObject({ code: 'conflict' });
  await rm(source.location, { recursive: true });
  const gone = await previewDeliveredRevert(source, range);
  expect(gone).toMatchObject({ verdict: 'not', cannot: [{ what: 'The project' }] });
});
