import { tmpdir } from 'node:os';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The environment of a command, built from nothing: what a program needs to run, and `extra`, which must say where home is (the
 * bot's own home holds its keys). Nothing else of the bot's environment is passed on: no secret, no NODE_OPTIONS, GIT_* or npm_*.
 */
export function baseEnvironment(
  extra: Readonly<Record<string, string>> & { readonly HOME: string },
): Record<string, string> {
  return { PATH: commandPath(process.env.PATH ?? ''), LANG: 'C.UTF-8', TERM: 'dumb', TMPDIR: tmpdir(), ...extra };
}

/**
 * The search path of commands: absolute folders only (a relative one would be the project's), and none that npm put there for
 * Commander itself, so that a project runs its own versions of node and tools.
 */
export function commandPath(path: string, root = COMMANDER_ROOT): string {
  const own = new Set(ancestors(root).map((folder) => join(folder, 'node_modules', '.bin')));
  const kept = path.split(delimiter).filter((folder) => {
    return isAbsolute(folder) && !own.has(join(folder)) && !folder.endsWith(NPM_SHIM);
  });
  return kept.length > 0 ? kept.join(delimiter) : '/usr/local/bin:/usr/bin:/bin';
}

const COMMANDER_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The folder that npm adds to the path of every script that it runs. */
const NPM_SHIM = '/node-gyp-bin';

function ancestors(folder: string): string[] {
  const clean = join(folder, '.');
  const above = dirname(clean);
  return above === clean ? [clean] : [clean, ...ancestors(above)];
}
