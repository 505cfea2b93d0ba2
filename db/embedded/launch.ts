import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ServerLog } from './log.ts';
import { endServer, type ServerProcess } from './process.ts';
import { type DatabaseUser, plainEnvironment, runAs } from './user.ts';

export interface LaunchOptions {
  readonly postgres: string;
  readonly data: string;
  readonly port: number;
  readonly settings: readonly string[];
  readonly user: DatabaseUser | undefined;
  readonly log: ServerLog;
  readonly onNotice: (line: string) => void;
}

/** Milliseconds until a start that does not come to an end is given up: reading a long log after a crash takes minutes at worst. */
const startLimit = 5 * 60_000;
/** Milliseconds after which a start is slow enough to say so. */
const slowStart = 5000;
/** Milliseconds for the last lines after the end; processes that outlive a killed server hold the pipe a little longer. */
const lastLinesLimit = 300;

/** Starts the server; resolves once it takes connections, or with undefined when it ended before (its log says why). */
export async function launch(options: LaunchOptions): Promise<ServerProcess | undefined> {
  const { data, log, onNotice } = options;
  const { program, args, identity } = await commandLine(options);
  const child = spawn(program, [...args, '-D', data, ...options.settings], {
    ...identity,
    cwd: '/',
    env: plainEnvironment,
    // Its own session: Ctrl-C in the terminal must reach us, who stop the work first and the database last.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = endOf(child);
  const ready = readLog(child, log);
  if (child.pid === undefined) {
    log.write(await ended);
    return undefined;
  }
  const server: ServerProcess = { pid: child.pid, port: options.port, ended };
  const slow = setTimeout(
    () => onNotice('The embedded Postgres is still starting (recovering after a crash).'),
    slowStart,
  );
  const limit = setTimeout(() => void endServer(server), startLimit);
  const outcome = await Promise.race([ready.then(() => server), ended.then(() => undefined)]);
  clearTimeout(slow);
  clearTimeout(limit);
  return outcome;
}

interface CommandLine {
  readonly program: string;
  readonly args: readonly string[];
  /** What spawn itself changes. */
  readonly identity: { readonly uid?: number; readonly gid?: number };
}

/**
 * How to start it so that it ends with us: the kernel sends SIGINT (orderly shutdown) when the *thread* that started it is
 * gone. setpriv changes the user first, because that clears the signal, and then becomes Postgres, which is no setuid
 * program and so keeps it. Without setpriv (macOS, busybox) it outlives a kill -9 of us; the next start adopts it.
 */
async function commandLine({ postgres, user }: LaunchOptions): Promise<CommandLine> {
  const change = user
    ? ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups', '--inh-caps=-all']
    : [];
  const setpriv = [...change, '--pdeathsig', 'INT', '--'];
  const works = process.platform === 'linux' && (await runAs(undefined, 'setpriv', [...setpriv, 'true'])).ok;
  if (works) return { program: 'setpriv', args: [...setpriv, postgres], identity: {} };
  return { program: postgres, args: [], identity: user ? { uid: user.uid, gid: user.gid } : {} };
}

/** Resolves when the process has ended and its last lines are read; others may hold the pipe, so not for long. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`It could not be started: ${error.message}.`));
    child.once('exit', (code, signal) => {
      const reason = signal ? `It was ended by ${signal}.` : `It ended with code ${code}.`;
      const patience = setTimeout(() => resolve(reason), lastLinesLimit);
      child.once('close', () => {
        clearTimeout(patience);
        resolve(reason);
      });
    });
  });
}

/** Keeps what the server says; resolves when it says that it is ready. */
function readLog(child: ChildProcess, log: ServerLog): Promise<void> {
  return new Promise((resolve) => {
    if (!child.stderr) return;
    createInterface({ input: child.stderr }).on('line', (line) => {
      log.write(line);
      if (line.includes('database system is ready to accept connections')) resolve();
    });
  });
}
