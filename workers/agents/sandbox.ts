import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';

/** What a sandboxed program may use. All paths are absolute. */
export interface SandboxPlan {
  /** Folders that it may write; everything else can only be read, and some of it not even that. */
  readonly writable: readonly string[];
  /** Folders of Commander's data that it may read. */
  readonly readable: readonly string[];
  /** Commander's data directory: nothing else of it is seen. */
  readonly dataDirectory: string;
  readonly home: string;
  /** Files and folders below `home` that it may write: its login and its sessions. */
  readonly keeps: readonly string[];
}

/** Below HOME, and never for an agent: keys, passwords, other tools' logins. */
const hiddenFolders = [
  ...['.ssh', '.aws', '.gnupg', '.kube', '.docker', '.password-store', '.azure'],
  ...['.config/gcloud', '.config/gh', '.config/op'],
];
const hiddenFiles = ['.netrc', '.pgpass', '.git-credentials', '.npmrc', '.pypirc', '.bash_history', '.zsh_history'];
/** Below HOME, written by nearly every tool: what an agent writes there is forgotten. */
const forgetful = ['.cache', '.npm'];

const program = 'bwrap';

/** The program and arguments that start `command` in a sandbox (bubblewrap). Its network is not limited. */
export function sandboxed(
  plan: SandboxPlan,
  command: string,
  args: readonly string[],
): { command: string; args: string[] } {
  const { writable, readable, dataDirectory, home, keeps } = plan;
  const there = (names: readonly string[]) => names.map((name) => join(home, name)).filter((path) => existsSync(path));
  return {
    command: program,
    args: [
      ...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--ro-bind', '/proc/sys', '/proc/sys'],
      ...['--tmpfs', tmpdir(), '--tmpfs', dataDirectory],
      ...there(forgetful).flatMap((path) => ['--tmpfs', path]),
      ...there(hiddenFolders).flatMap((path) => ['--tmpfs', path]),
      ...there(hiddenFiles).flatMap((path) => ['--ro-bind', '/dev/null', path]),
      ...there(keeps).flatMap((path) => ['--bind', path, path]),
      ...readable.flatMap((path) => ['--ro-bind', path, path]),
      ...writable.flatMap((path) => ['--bind', path, path]),
      ...['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
      ...['--cap-drop', 'ALL', '--die-with-parent', '--new-session', '--', command, ...args],
    ],
  };
}

let works: boolean | undefined;

/** Whether this machine can sandbox programs; found out once by trying. */
export function canSandbox(): boolean {
  works ??= tried();
  return works;
}

function tried(): boolean {
  const plan = { writable: [], readable: [], dataDirectory: tmpdir(), home: '/nonexistent', keeps: [] };
  const { command, args } = sandboxed(plan, '/bin/true', []);
  return execaSync(command, args, { reject: false, stdin: 'ignore', timeout: 5_000 }).exitCode === 0;
}
