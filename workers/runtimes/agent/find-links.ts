import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { globFits, shellGlob } from '#core/policy/glob.ts';
import type { FindLinks } from '#core/policy/places.ts';
import { followLinks } from './deciding.ts';

/** More files than this are not looked at before a command may run. */
const mostEntries = 20_000;

/** Where links lead that a pattern stands for or that lie below what it names, as the files are now. `.git` is never entered. */
export const findLinks: FindLinks = (path, reach) => {
  const found = new Set<string>();
  let left = mostEntries;

  function entriesOf(folder: string): readonly Dirent[] {
    try {
      const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name !== '.git');
      left -= entries.length;
      return left < 0 ? [] : entries;
    } catch {
      // No folder, or none that can be read: nothing is reached by it.
      return [];
    }
  }

  function named(folder: string, [part, ...rest]: readonly string[], linked: boolean): void {
    if (part === undefined) {
      if (reach === 'held') held(folder);
      else if (linked) found.add(followLinks(folder));
      return;
    }
    if (!/[*?[]/.test(part)) {
      named(join(folder, part), rest, linked);
      return;
    }
    const glob = shellGlob(part);
    for (const entry of entriesOf(folder)) {
      if (globFits(glob, entry.name)) named(join(folder, entry.name), rest, linked || entry.isSymbolicLink());
    }
  }

  function held(path: string): void {
    if (isLink(path)) found.add(followLinks(path));
    else below(path);
  }

  function below(folder: string): void {
    for (const entry of entriesOf(folder)) {
      const inside = join(folder, entry.name);
      if (entry.isSymbolicLink()) found.add(followLinks(inside));
      else if (entry.isDirectory()) below(inside);
    }
  }

  if (reach === 'below') below(followLinks(path));
  else
    named(
      '/',
      path.split('/').filter((part) => part !== ''),
      false,
    );
  return left < 0 ? undefined : [...found];
};

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    // Nothing is there, or nothing that can be reached.
    return false;
  }
}
