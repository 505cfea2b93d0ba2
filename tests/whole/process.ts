import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

export interface Spawning {
  /** The data directory. */
  readonly home: string;
  /** What the process finds as its HOME. */
  readonly folder: string;
  /** Starts it as another user: the beginning of a command line, such as that of setpriv. Default: as we are. */
  readonly as?: readonly string[];
  /** Where its files are. Default: here. */
  readonly cwd?: string;
  /** Its settings besides its home and a free port. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** What `npm start` starts. */
const commandLine: readonly string[] = [process.execPath, '--max-semi-space-size=2', 'bot/main.ts'];

/** Commander on a port that is free. */
export function spawnCommander(spawning: Spawning, started = commandLine): ChildProcess {
  const { home, folder, as = [], cwd, settings } = spawning;
  const env = { PATH: process.env.PATH, HOME: folder, COMMANDER_HOME: home, PORT: '0', ...settings };
  const [program = '', ...rest] = [...as, ...started];
  return spawn(program, rest, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The address that it prints when it is ready. @throws when it ends before */
export async function readyAddress(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the process has no output');
  const said = complaintsOf(child);
  for await (const line of createInterface(child.stdout)) {
    const url = /^Commander is ready: (\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    // Nobody reads the rest, and a pipe that is full would hold up who writes.
    child.stdout.resume();
    return url;
  }
  throw new Error(`Commander ended before it was ready: ${said()}`);
}

/** What it complained of so far. */
export function complaintsOf(child: ChildProcess): () => string {
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += String(chunk);
  });
  return () => said;
}

/** What it says of a problem until it ends, and with which code. */
export async function problemOf(child: ChildProcess): Promise<{ readonly code: number; readonly said: string }> {
  const said = complaintsOf(child);
  const [code] = await once(child, 'close');
  return { code: Number(code), said: said() };
}

/** Processes (zombies aside) that belong to a data directory: the bot, the database, the worker, its commands. */
export async function belonging(home: string): Promise<readonly { readonly pid: number; readonly command: string }[]> {
  const found: { pid: number; command: string }[] = [];
  for (const name of (await readdir('/proc')).filter((each) => /^\d+$/.test(each))) {
    const [command = '', environment = '', status = ''] = await Promise.all(
      ['cmdline', 'environ', 'stat'].map((file) => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '')),
    );
    const isZombie = status.slice(status.lastIndexOf(')')).startsWith(') Z');
    if (!isZombie && (command.includes(home) || environment.includes(home))) found.push({ pid: Number(name), command });
  }
  return found;
}
