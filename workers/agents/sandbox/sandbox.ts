import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, execaSync } from 'execa';
import type { KnownAgent } from '#core/agents/catalogue.ts';
import type { Obeyed } from '../obeyed.ts';
import { mounted, shown } from './visible.ts';

/** What a sandboxed program may use. All paths are absolute. */
export interface SandboxPlan {
  /** Folders that it may write; the rest of what it sees can only be read, and the rest of the machine is not there. */
  readonly writable: readonly string[];
  /** Folders and files that it may read besides. */
  readonly readable: readonly string[];
  /** Of what it may write, files and folders that it sees as empty ones. */
  readonly hidden: readonly Pick<Obeyed, 'path' | 'kind'>[];
  readonly home: string;
  /** What it keeps below `home`. */
  readonly keeps: Pick<KnownAgent, 'keeps' | 'sessions' | 'loginFiles' | 'locked'>;
  /** A writable folder for copies of what it keeps besides: what it changes there is forgotten. */
  readonly scratch: string;
  /** Its own programs, which it must be able to see. */
  readonly programs: readonly string[];
  /** Folders in which it looks for other programs. */
  readonly searchPath: readonly string[];
  /** The proxy that is its only way out, and ports of this machine itself that may be reached through it; `open`: no limit. */
  readonly network: 'open' | { readonly socket: string; readonly ports: readonly number[] };
  readonly limits: SandboxLimits;
}

export interface SandboxLimits {
  /** Bytes of memory of each process. */
  readonly memory: number;
  readonly processes: number;
}

/** Commander as root would be root behind the wall too: there the agent is this user, which owns nothing else. */
const nobodyElse = 64_000;

const megabyte = 1024 * 1024;
/** Of what it keeps in memory as files, in each of its temporary folders. */
const temporaryBytes = 512 * megabyte;
/** No sensible file of a project is larger; a full disk stops everybody. */
const fileBytes = 4096 * megabyte;
const openFiles = 8192;

const inside = fileURLToPath(new URL('./inside.ts', import.meta.url));

/** The program and arguments that start `command` in a sandbox (bubblewrap); `prepareSandbox` must have been called before. */
export function sandboxed(
  plan: SandboxPlan,
  command: string,
  args: readonly string[],
): { readonly command: string; readonly args: readonly string[] } {
  const walls = [
    ...[
      '--unshare-user',
      '--disable-userns',
      '--unshare-pid',
      '--unshare-ipc',
      '--unshare-uts',
      '--unshare-cgroup-try',
    ],
    ...(plan.network === 'open' ? [] : ['--unshare-net']),
    ...['--cap-drop', 'ALL', '--die-with-parent', '--new-session'],
  ];
  const program = ['--', ...limited(plan.limits), ...launched(plan.network), command, ...args];
  const system = ['--dev', '/dev', '--proc', '/proc'];
  if (!isRoot()) return { command: 'bwrap', args: [...files(plan), ...system, ...walls, ...program] };
  // Root lays out the files, for it alone can reach some of them; another user builds the walls, so that nothing in there is root.
  const user = String(nobodyElse);
  const become = ['setpriv', '--reuid', user, '--regid', user, '--clear-groups'];
  const outer = [...files(plan), '--dev-bind', '/dev', '/dev', '--bind', '/proc', '/proc', '--die-with-parent', '--'];
  return {
    command: 'bwrap',
    args: [...outer, ...become, 'bwrap', '--bind', '/', '/', ...system, ...walls, ...program],
  };
}

/** Makes what the sandbox shows: folders that an agent's sessions lie in, and for root gives away what may be written. */
export async function prepareSandbox(plan: SandboxPlan): Promise<void> {
  const { home, keeps, writable } = plan;
  for (const name of keeps.sessions) mkdirSync(join(home, name), { recursive: true, mode: 0o700 });
  for (const path of childrenOf(home, keeps.keeps)) {
    if (kindOf(path, plan) === 'copied') copyFileSync(path, copyOf(path, plan));
  }
  if (!isRoot()) return;
  const mine = childrenOf(home, keeps.keeps).filter((path) => kindOf(path, plan) === 'own');
  const paths = [...writable, ...mine].filter((path) => existsSync(path));
  await execa('chown', ['-R', '-h', `${nobodyElse}:${nobodyElse}`, '--', ...paths]);
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function files(plan: SandboxPlan): readonly string[] {
  const { writable, readable, hidden, home, programs, searchPath } = plan;
  return [
    ...[...new Set(['/tmp', '/var/tmp', tmpdir(), home])].flatMap(empty),
    ...shown(home, programs, searchPath),
    ...(isRoot() ? accounts : []),
    ...kept(plan),
    ...readable.flatMap((path) => mounted('--ro-bind', path, home)),
    ...writable.flatMap((path) => mounted('--bind', path, home)),
    ...hidden.flatMap(({ path, kind }) =>
      kind === 'folder' ? ['--tmpfs', path, '--remount-ro', path] : ['--ro-bind', nothing, path],
    ),
  ];
}

/** Who `nobodyElse` is: what looks its own name up (Node's `os.userInfo`, git, ssh) fails for a user that nobody knows. */
const accounts = ['passwd', 'group'].flatMap((name) => [
  '--ro-bind',
  fileURLToPath(new URL(`./etc/${name}`, import.meta.url)),
  `/etc/${name}`,
]);

/** An empty file, for one that is hidden. */
const nothing = fileURLToPath(new URL('./etc/nothing', import.meta.url));

/** A folder in memory, which whoever is in the sandbox may write. */
function empty(path: string): readonly string[] {
  return ['--perms', '1777', '--size', String(temporaryBytes), '--tmpfs', path];
}

/**
 * What an agent keeps below HOME: its login and its sessions can be written, what it obeys can not, for it would be obeyed
 * outside of the sandbox too. Of other files it has copies (some say which programs it starts), of other folders nothing, and
 * what is new is forgotten.
 */
function kept(plan: SandboxPlan): readonly string[] {
  const { home, keeps } = plan;
  const folders = keeps.keeps.map((name) => join(home, name)).filter(isFolder);
  return [
    ...folders.flatMap(empty),
    ...childrenOf(home, keeps.keeps).flatMap((path) => {
      const kind = kindOf(path, plan);
      if (kind === 'forgotten') return [];
      return mounted(
        kind === 'locked' ? '--ro-bind' : '--bind',
        path,
        home,
        kind === 'copied' ? copyOf(path, plan) : path,
      );
    }),
  ];
}

function kindOf(path: string, { home, keeps }: SandboxPlan): 'locked' | 'own' | 'copied' | 'forgotten' {
  const among = (names: readonly string[]) => names.some((name) => isAtOrBelow(path, join(home, name)));
  if (among(keeps.locked)) return 'locked';
  if (among([...keeps.sessions, ...keeps.loginFiles])) return 'own';
  return isFolder(path) ? 'forgotten' : 'copied';
}

function copyOf(path: string, { scratch }: SandboxPlan): string {
  return join(scratch, path.replaceAll('/', '%'));
}

function childrenOf(home: string, keeps: readonly string[]): readonly string[] {
  return keeps
    .map((name) => join(home, name))
    .flatMap((path) => (isFolder(path) ? readdirSync(path).map((name) => join(path, name)) : [path]))
    .filter((path) => existsSync(path));
}

function isAtOrBelow(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function limited({ memory, processes }: SandboxLimits): readonly string[] {
  return [
    'prlimit',
    ...[`--data=${memory}`, `--nproc=${processes}`, `--fsize=${fileBytes}`, `--nofile=${openFiles}`, '--core=0', '--'],
  ];
}

function launched(network: SandboxPlan['network']): readonly string[] {
  return network === 'open' ? [] : [process.execPath, inside, network.socket, network.ports.join(',')];
}

let works: boolean | undefined;

/** Whether this machine can sandbox programs; found out once by trying. */
export function canSandbox(): boolean {
  works ??= tried();
  return works;
}

function tried(): boolean {
  const plan: SandboxPlan = {
    ...{ writable: [], readable: [], hidden: [], home: '/nonexistent', programs: [], searchPath: [] },
    keeps: { keeps: [], sessions: [], loginFiles: [], locked: [] },
    scratch: '/nonexistent',
    network: { socket: '/nonexistent', ports: [] },
    limits: { memory: 1024 * megabyte, processes: 64 },
  };
  if (isRoot()) openToAll(process.execPath);
  const { command, args } = sandboxed(plan, 'true', []);
  const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' };
  const options = { env, extendEnv: false, reject: false, stdin: 'ignore', timeout: 10_000 } as const;
  return process.platform === 'linux' && execaSync(command, args, options).exitCode === 0;
}

/** The Node of npm's package is executable for its owner alone (mode 744), and in a sandbox Commander's programs run as another. */
function openToAll(program: string): void {
  const { mode } = statSync(program);
  if ((mode & 0o005) !== 0o005) chmodSync(program, mode | 0o555);
}
