import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';

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
