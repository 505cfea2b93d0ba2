import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Programs and libraries of a system; what else a machine has is not seen in a sandbox. */
const system = [
  ...['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/opt', '/nix', '/gnu'],
  ...['/run/current-system', '/home/linuxbrew'],
];

/** Of /etc, what programs need to run; the rest may hold keys. */
const settings = [
  ...['alternatives', 'bash.bashrc', 'ca-certificates', 'ca-certificates.conf', 'crypto-policies', 'debian_version'],
  ...['fonts', 'gitconfig', 'group', 'hosts', 'inputrc', 'java', 'ld.so.cache', 'ld.so.conf', 'ld.so.conf.d'],
  ...['locale.alias', 'localtime', 'magic', 'mime.types', 'nsswitch.conf', 'os-release', 'passwd', 'perl', 'pki'],
  ...['profile', 'profile.d', 'protocols', 'resolv.conf', 'services', 'ssl', 'terminfo', 'timezone'],
].map((name) => join('/etc', name));

/** Below HOME: tool chains that projects are built with, none of which keeps a login there. */
const toolChains = [
  ...['.nvm', '.fnm', '.volta', '.bun', '.deno', '.asdf', '.pyenv', '.rbenv', '.rustup', '.cargo/bin', '.sdkman'],
  ...['.npm-global', 'go/bin', '.local/bin', '.local/lib', '.local/share/fnm', '.local/share/mise', '.local/share/uv'],
];

/** Commander's own programs that an agent starts, and what those need: of `core` the table of commands. */
const own = ['node_modules', 'package.json', 'core', 'workers/agents/mcp', 'workers/agents/sandbox/inside.ts'].map(
  (name) => fileURLToPath(new URL(`../../../${name}`, import.meta.url)),
);

/** Arguments of bubblewrap that show what a program needs of the machine, read only. Paths that are not there are left out. */
export function shown(home: string, programs: readonly string[], searchPath: readonly string[]): readonly string[] {
  const paths = [
    ...settings,
    ...toolChains.map((name) => join(home, name)),
    ...own,
    ...[process.execPath, ...programs].flatMap(partsOfProgram),
    ...searchPath.flatMap(partsOfFolder),
  ];
  const there = [...new Set(paths)].filter((path) => existsSync(path));
  return [...system.flatMap(asItIs), ...there.flatMap((path) => mounted('--ro-bind', path, home))];
}

/**
 * Shows a path at its own place, or what lies at `from` there. The folders above are made first, for bubblewrap itself would make them for their owner alone;
 * those below HOME like HOME itself, which may be written and is forgotten.
 */
export function mounted(how: '--ro-bind' | '--bind', path: string, home: string, from = path): readonly string[] {
  const above = path.split('/').slice(1, -1);
  const folders = above.map((_, index) => `/${above.slice(0, index + 1).join('/')}`);
  const made = (folder: string) => ['--perms', folder.startsWith(`${home}/`) ? '0777' : '0755', '--dir', folder];
  return [...folders.flatMap(made), how, from, path];
}

/** Systems link some of their folders to each other: /bin is usr/bin. */
function asItIs(path: string): readonly string[] {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return [];
  return entry.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}

/** Where the files of a program lie: itself, its package, or the installation that its `bin` is in. */
function partsOfProgram(path: string): readonly string[] {
  if (!path.startsWith('/') || !existsSync(path)) return [];
  const real = realpathSync(path);
  return [...new Set([path, real])].flatMap((each) => packageOf(each) ?? [each, ...partsOfFolder(dirname(each))]);
}

function partsOfFolder(folder: string): readonly string[] {
  const packages = packageOf(folder);
  if (packages !== undefined) return packages;
  return basename(folder) === 'bin' ? [folder, join(dirname(folder), 'lib')] : [];
}

/** The whole `node_modules`: a package needs its neighbours. */
function packageOf(path: string): readonly string[] | undefined {
  const [before, ...inside] = path.split('/node_modules');
  return inside.length === 0 ? undefined : [`${before}/node_modules`];
}
