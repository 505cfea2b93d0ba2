import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { followLinks } from './deciding.ts';
import { findLinks } from './find-links.ts';

it('finds where the links of a pattern, and those below a folder, lead', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'commander-links-'));
  const at = (path: string) => join(folder, path);
  try {
    await mkdir(at('docs/deep'), { recursive: true });
    await mkdir(at('.git'));
    await writeFile(at('docs/notes'), 'x');
    await symlink('/etc/passwd', at('docs/secret'));
    await symlink('/etc', at('docs/deep/etc'));
    await symlink('notes', at('docs/near'));
    await symlink('/etc/passwd', at('.git/link'));
    expect(findLinks(at('docs/s*'), 'named')).toEqual(['/etc/passwd']);
    expect(findLinks(at('docs/no*'), 'named')).toEqual([]);
    expect(findLinks(at('d*/[nx]ear'), 'named')).toEqual([at('docs/notes')]);
    expect(findLinks(at('docs/deep/e*/passwd'), 'named')).toEqual(['/etc/passwd']);
    expect(findLinks(at('none/*'), 'named')).toEqual([]);
    expect(findLinks(folder, 'below')?.toSorted()).toEqual([at('docs/notes'), '/etc', '/etc/passwd'].toSorted());
    expect(findLinks(at('docs/near'), 'held')).toEqual([at('docs/notes')]);
    expect(findLinks(at('d*'), 'held')?.toSorted()).toEqual([at('docs/notes'), '/etc', '/etc/passwd'].toSorted());
    for (const none of ['docs/notes', 'none/x', 'docs/notes/x', `docs/${'x'.repeat(300)}`])
      expect(findLinks(at(none), 'held')).toEqual([]);
    expect(findLinks('/proc/*/*/*', 'named')).toBeUndefined();
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('follows a link also to what is not there yet, and ends where links go round', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'commander-links-'));
  const at = (path: string) => join(folder, path);
  try {
    await mkdir(at('docs'));
    await symlink('../../none/new', at('docs/out'));
    await symlink('out', at('docs/chain'));
    await symlink('loop', at('loop'));
    for (const path of ['docs/out', 'docs/chain']) {
      expect(followLinks(at(path))).toBe(join(folder, '../none/new'));
      expect(followLinks(at(`${path}/key`))).toBe(join(folder, '../none/new/key'));
    }
    expect(followLinks(at('docs/new/file'))).toBe(at('docs/new/file'));
    expect(followLinks(at('loop/file'))).toBe(at('loop/file'));
  } finally {
    await rm(folder, { recursive: true });
  }
});
