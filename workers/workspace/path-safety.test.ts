import { mkdir, realpath, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { looksLikeGitDirectory, pointsInside } from './path-safety.ts';
import { branchOf } from './source.ts';
import { temporaryFolder } from './testing.ts';

it.each([
  '.git',
  '.GIT',
  '.Git',
  'git~1',
  'GIT~1',
  '.git ',
  '.git...',
  '.git::$INDEX_ALLOCATION',
  '.g\u200cit',
  '.git\ufeff',
])('takes %j for a git directory', (name) => {
  expect(looksLikeGitDirectory(name)).toBe(true);
});

it.each(['.github', '.gitignore', '.gitattributes', 'git', 'x.git', '.gi', ''])('takes %j for a name', (name) => {
  expect(looksLikeGitDirectory(name)).toBe(false);
});

it('agrees with the system about where links lead', async () => {
  const folder = await temporaryFolder();
  const part = fc.constantFrom('..', '.', 'a', 'b', '');
  let links = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', 'b'), { maxLength: 3 }),
      fc.array(part, { maxLength: 5 }),
      async (at, way) => {
        links += 1;
        const path = [...at, `link${links}`].join('/');
        const target = way.join('/');
        if (!pointsInside(path, target)) return;
        for (const each of [dirname(path), join(dirname(path), target)])
          await mkdir(join(folder, each), { recursive: true });
        await symlink(target, join(folder, path));
        const real = await realpath(join(folder, path));
        expect(real === folder || real.startsWith(`${folder}/`)).toBe(true);
      },
    ),
    { numRuns: 100 },
  );
});

it.each([
  '',
  '-x',
  '.x',
  'a..b',
  'a:b',
  'a b',
  'a~1',
  'a^',
  'x.lock',
  'a/.b',
  'a//b',
  '/a',
  'a/',
  'a@{1}',
  '@',
  'a\\b',
  'a\nb',
  'a*',
  'x'.repeat(300),
])('refuses %j as the name of a branch', (name) => {
  expect(() => branchOf(name)).toThrow('branch');
});
