import { execaSync } from 'execa';
import { isExecutable } from './executable.ts';

/**
 * How a command and all that it starts are kept together. `namespace`: in a PID namespace, which the kernel empties as soon as
 * its parent is gone, however it died. `process-group`: by process group and by the cookie in the environment (see sweep.ts);
 * what outlives a killed worker is found by the next sweep only.
 */
export type Containment = 'namespace' | 'process-group';

/** The strongest containment that this machine allows; found out once per thread by trying. */
export function containment(): Promise<Containment> {
  return Promise.resolve(strongestContainment());
}

/** The same at once. The first call takes some milliseconds. */
export function strongestContainment(): Containment {
  return wrapper() ? 'namespace' : 'process-group';
}

/**
 * The program and arguments that run `command` (an absolute path) under a containment. In a namespace the process that is
 * started is `unshare`; its only child is a shell, the namespace's init: a command that were init itself would not be ended by
 * SIGTERM (signals without a handler don't reach an init) nor bury orphans. The shell gets the command as arguments, never as text.
 */
export function contained(
  kind: Containment,
  command: string,
  args: readonly string[],
): { file: string; args: string[] } {
  const [file, ...outer] = kind === 'namespace' ? (wrapper() ?? []) : [];
  if (!file) return { file: command, args: [...args] };
  return { file, args: [...outer, command, ...args] };
}

let probed: { readonly wrapper?: readonly string[] } | undefined;

function wrapper(): readonly string[] | undefined {
  probed ??= { wrapper: process.platform === 'linux' ? candidates().find(works) : undefined };
  return probed.wrapper;
}

/** Best first. With an own /proc the command can't look into other processes, such as the bot and its environment. */
function candidates(): string[][] {
  const [setpriv, unshare, setsid] = ['setpriv', 'unshare', 'setsid'].map(systemProgram);
  if (!setpriv || !unshare || !setsid) return [];
  // The kernel sends this signal when the *thread* that started the process ends, so it covers the death of a thread too.
  const base = [setpriv, '--pdeathsig', 'KILL', unshare, '--pid', '--fork', '--kill-child=KILL'];
  // Only root makes a PID namespace by itself; anybody else needs a user namespace around it.
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-current-user'];
  // The command gets a group of its own, so that it can be signalled without its init. Without the `exit`, some shells would
  // replace themselves by the command.
  const init = ['--', '/bin/sh', '-c', '"$@"; exit $?', 'commander', setsid];
  return [
    [...base, ...user, '--mount-proc', ...init],
    [...base, ...user, ...init],
  ];
}

/** Whether a command started like this is alone with its init: that is process 1 of the namespace, and its parent. */
function works([file = '', ...args]: readonly string[]): boolean {
  const result = execaSync(file, [...args, '/bin/sh', '-c', 'echo $PPID'], {
    env: {},
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 5_000,
  });
  return result.exitCode === 0 && result.stdout === '1';
}

/** A system program by its fixed places: the search path may lead elsewhere. */
function systemProgram(name: string): string | undefined {
  return ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/run/current-system/sw/bin']
    .map((folder) => `${folder}/${name}`)
    .find(isExecutable);
}
