import { posix } from 'node:path';

/** Which folders a folder may import from, besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  db: ['core'],
  workers: ['core', 'db'],
  adapters: ['core'],
  bot: ['core', 'db', 'workers', 'adapters'],
};

/** Packages that the pure core may use. */
const corePackages = ['zod'];

/** Test code may use the tests' tools wherever it stands. */
export const testFile = /(\.test|\/(testing[\w-]*|examples|run-fixture|memory-task))\.ts$/;

const imported = [
  /(?:^|\n)(?:import|export)\s[^'"\n;]*?\bfrom\s+['"]([^'"\n]+)['"]/g,
  /(?:^|\n)import\s+['"]([^'"\n]+)['"]/g,
  /\bimport\(\s*['"]([^'"\n]+)['"]/g,
];

/** Every import of a file that the table forbids, as "file: what". */
export function findViolations(file: string, source: string): readonly string[] {
  if (testFile.test(file)) return [];
  const own = roomOf(file);
  return importsOf(source).flatMap(({ name }) => {
    const target = targetOf(file, name);
    if (target === undefined) {
      const pure = own.folder !== 'core' || corePackages.includes(name);
      return pure ? [] : [`${file}: core is pure and may not import ${name}`];
    }
    const { folder, room } = roomOf(target);
    if (folder !== own.folder)
      return allowed[own.folder]?.includes(folder) ? [] : [`${file}: ${own.folder} may not import ${target}`];
    return folder === 'adapters' && room !== own.room ? [`${file}: one adapter may not import another, ${target}`] : [];
  });
}

/** What a module imports, as it says it; `isType`: nothing of it is left when it runs. */
export function importsOf(source: string): readonly { readonly name: string; readonly isType: boolean }[] {
  const flat = source.replaceAll(/\{[^}]*\}/g, (names) => names.replaceAll('\n', ' '));
  return imported
    .flatMap((form) => [...flat.matchAll(form)])
    .map(([whole, name = '']) => ({ name, isType: /^\s*(?:import|export)\s+type\b/.test(whole) }));
}

/** The path within the repository that an import means; `undefined` for a package. */
export function targetOf(file: string, name: string): string | undefined {
  if (name.startsWith('#')) return name.slice(1);
  return name.startsWith('.') ? posix.join(posix.dirname(file), name) : undefined;
}

function roomOf(path: string): { readonly folder: string; readonly room: string } {
  const [folder = '', room = ''] = path.split('/');
  return { folder, room };
}
