import { chmod, mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkpoint } from './checkpoint.ts';
import { deliver, previewDelivery } from './deliver.ts';
import { diff } from './diff.ts';
import { restore } from './restore.ts';
import { revert } from './revert.ts';
import { ana, personGit, readFiles, temporaryFolder, type Workshop, workshop, writeFiles } from './testing.ts';
import { verificationFolder } from './verification-folder.ts';
import { openWorkFolder } from './work-folder.ts';

const hookNames = [
  'post-checkout',
  'post-index-change',
  'reference-transaction',
  'pre-commit',
  'post-merge',
  'pre-push',
];
const attributes = '* filter=evil diff=evil merge=evil ident text\n';

/** Every setting that makes git run a program, set to one that leaves a mark. */
function evilConfig(marks: string): string {
  const mark = (name: string, shell = '') => `"${shell}touch ${join(marks, name)}; cat"`;
  return `
[core]
	repositoryformatversion = 0
	bare = false
	worktree = /
	fsmonitor = ${mark('fsmonitor')}
	hooksPath = ${join(marks, 'hooks')}
	sshCommand = ${mark('ssh')}
	gitProxy = ${mark('proxy')}
	askPass = ${mark('askpass')}
	editor = ${mark('editor')}
	pager = ${mark('pager')}
	alternateRefsCommand = ${mark('alternates')}
	attributesFile = ${join(marks, 'attributes')}
[diff]
	external = ${mark('diff-external')}
[diff "evil"]
	command = ${mark('diff-command')}
	textconv = ${mark('textconv')}
[filter "evil"]
	clean = ${mark('clean')}
	smudge = ${mark('smudge')}
	process = ${mark('process')}
	required = true
[merge "evil"]
	driver = ${mark('merge')}
[gpg]
	program = ${mark('gpg')}
[commit]
	gpgSign = true
[credential]
	helper = ${mark('credential', '!')}
[alias]
	read-tree = ${mark('alias', '!')}
	status = ${mark('alias-status', '!')}
[include]
	path = ${join(marks, 'included')}
[uploadpack]
	packObjectsHook = ${mark('pack-objects')}
`;
}

/** What an agent could write into its folder: the folder's own git, and files that git reads by their names. */
async function attack({ folder }: Workshop, marks: string): Promise<void> {
  const config = evilConfig(marks);
  await mkdir(join(marks, 'hooks'), { recursive: true });
  await writeFiles(marks, { included: `[alias]\n\tx = y\n`, attributes });
  await writeFiles(folder.path, {
    '.git/config': config,
    '.git/config.worktree': config,
    '.git/info/attributes': attributes,
    '.gitattributes': attributes,
    '.gitmodules': `[submodule "x"]\n\tpath = sub\n\turl = ext::sh -c touch% ${marks}/ext\n\tupdate = !touch ${marks}/update\n`,
    '.lfsconfig': `[lfs]\n\turl = file://${marks}\n`,
    'a.txt': 'changed by the agent\n',
    'b.txt': '1 by the agent\n2\n3\n4\n',
    'sub/file.txt': 'x',
  });
  for (const name of hookNames) {
    for (const folderOfHooks of [join(folder.path, '.git/hooks'), join(marks, 'hooks')]) {
      await writeFiles(folderOfHooks, { [name]: `#!/bin/sh\ntouch ${join(marks, `hook-${name}`)}\n` });
      await chmod(join(folderOfHooks, name), 0o755);
    }
  }
  await personGit(await nested(folder.path), 'init', '-q');
  await writeFiles(folder.path, { 'nested/.git/config': config, 'nested/inner.txt': 'x' });
  await symlink(marks, join(folder.path, 'link-out'));
}

async function nested(path: string): Promise<string> {
  const folder = join(path, 'nested');
  await mkdir(folder);
  return folder;
}

it.each(['repository', 'folder'] as const)('runs nothing that an agent wrote into its folder (%s)', async (kind) => {
  const shop = await workshop(kind, { 'a.txt': 'one\n', 'b.txt': '1\n2\n3\n4\n' });
  const { folder, source, home } = shop;
  const marks = join(await temporaryFolder(), 'marks');
  await attack(shop, marks);
  const before = (await readdir(marks)).sort();
  const made = await checkpoint(folder, { n: 1, message: 'evil', author: ana });
  expect(made.files.map(({ path }) => path)).toContain('a.txt');
  const { patch } = await diff(source, folder.base, made.commit);
  expect(patch).toContain('+changed by the agent');
  await restore(folder, folder.base);
  await restore(folder, made.commit, { files: ['a.txt', '.gitattributes'] });
  await openWorkFolder(source, { taskId: 't1', number: 7, slug: 'do-it', home, base: folder.base });
  await revert(folder, { n: 2, to: made.commit, message: 'back', author: ana });
  const checks = await verificationFolder(source, made.commit, join(home, 'checks'));
  await checks.remove();
  // The project moves on in another file and in the same one, so that a merge of contents takes place.
  await writeFiles(source.location, { 'b.txt': '1\n2\n3\n4 by the person\n' });
  if (kind === 'repository') {
    await personGit(source.location, 'commit', '-qam', 'meanwhile');
  }
  expect((await previewDelivery(source, { commit: made.commit })).verdict).toBe('ready');
  await deliver(source, { number: 7, commit: made.commit, message: 'Merge', author: ana });
  expect((await readdir(marks)).sort()).toEqual(before);
  expect((await readFiles(source.location))['b.txt']).toBe('1 by the agent\n2\n3\n4 by the person\n');
});

it('would see a vector fire: plain git in the same folder does run them', async () => {
  const shop = await workshop('repository', { 'a.txt': 'one\n' });
  const marks = join(await temporaryFolder(), 'marks');
  await attack(shop, marks);
  const before = await readdir(marks);
  // The programs are no real filters, so git fails in the end: what matters is that it started them.
  await expect(personGit(shop.folder.path, '--work-tree=.', 'add', 'a.txt')).rejects.toThrow('filter');
  const fired = (await readdir(marks)).filter((each) => !before.includes(each));
  expect(fired).toEqual(expect.arrayContaining(['fsmonitor', 'process']));
});

it("does not run hooks of the person's repository when it delivers there", async () => {
  const { source, folder } = await workshop('repository', { 'a.txt': 'one\n' });
  const marks = await temporaryFolder();
  for (const name of hookNames) {
    await writeFiles(join(source.location, '.git/hooks'), { [name]: `#!/bin/sh\ntouch ${join(marks, name)}\n` });
    await chmod(join(source.location, '.git/hooks', name), 0o755);
  }
  await writeFiles(folder.path, { 'a.txt': 'two\n' });
  const { commit } = await checkpoint(folder, { n: 1, message: 'x', author: ana });
  await deliver(source, { number: 7, commit, message: 'Merge', author: ana });
  expect(await readdir(marks)).toEqual([]);
  expect(await personGit(source.location, '-c', 'core.hooksPath=/dev/null', 'status', '--porcelain')).toBe('');
});
