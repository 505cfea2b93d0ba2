import { globFits, pathGlob } from '../policy/glob.ts';

/** Whether a path of a scope is a pattern; without `*` and `?` it stands for itself and all below it. */
function isPattern(entry: string): boolean {
  return /[*?]/.test(entry);
}

/** The folder, or the whole path, that everything in a path of a scope lies in: `src/auth` for `src/auth/*.ts`, nothing for `*.md`. */
export function fixedPart(entry: string): string {
  const plain = entry.replace(/\/+$/, '');
  const pattern = plain.search(/[*?]/);
  return pattern === -1 ? plain : plain.slice(0, Math.max(0, plain.lastIndexOf('/', pattern)));
}

/** Whether a file, or what another scope names, lies in a scope. One without paths is the whole project. */
export function isInScope(path: string, scope: readonly string[]): boolean {
  return scope.length === 0 || scope.some((entry) => contains(entry, path));
}

function contains(entry: string, path: string): boolean {
  const outer = fixedPart(entry);
  if (outer !== '' && !isWithin(fixedPart(path), outer)) return false;
  if (!isPattern(entry)) return true;
  return entry === path || (!isPattern(path) && globFits(pathGlob(entry), path));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
