import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { importsOf, targetOf, testFile } from './architecture/import-rules.ts';

const read = <T>(file: string, shape: z.ZodType<T>): T => shape.parse(JSON.parse(readFileSync(file, 'utf8')));

// npm 12 runs the install scripts of those packages alone that package.json names: without them there is neither the Node of
// `npm start` nor a complete Postgres (https://docs.npmjs.com/cli/v12/commands/npm-install-scripts).
it('npm may run the install scripts that Commander needs, and no others', () => {
  const { allowScripts } = read('package.json', z.object({ allowScripts: z.record(z.string(), z.literal(true)) }));
  const { packages } = read(
    'package-lock.json',
    z.object({ packages: z.record(z.string(), z.object({ hasInstallScript: z.boolean().optional() })) }),
  );
  const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript === true);
  const names = scripted.map(([path]) => path.replace(/^.*node_modules\//, ''));
  expect(Object.keys(allowScripts).sort()).toEqual(names.sort());
});

it.skipIf(!existsSync('.git'))(
  'all that runs is in git, and needs no package that is there for development alone',
  () => {
    const { dependencies } = read('package.json', z.object({ dependencies: z.record(z.string(), z.string()) }));
    const inGit = new Set(execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0'));
    const runs = [...inGit].filter(
      (file) => /^(?:core|db|workers|adapters|bot)\/.*\.ts$/.test(file) && !testFile.test(file),
    );
    const missing = runs.flatMap((file) =>
      importsOf(readFileSync(file, 'utf8')).flatMap(({ name, isType }) => {
        const target = targetOf(file, name);
        const [scope = '', rest] = name.split('/');
        const bought = (name.startsWith('@') ? `${scope}/${rest}` : scope) in dependencies;
        const there = target === undefined ? isBuiltin(name) || bought || isType : inGit.has(target);
        return there ? [] : [`${file} needs ${name}`];
      }),
    );
    expect(runs.length).toBeGreaterThan(500);
    expect(missing).toEqual([]);
  },
);
