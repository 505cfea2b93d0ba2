import { type ChildProcess, type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { belonging, problemOf, readyAddress, spawnCommander } from './process.ts';

/** The real process, as `npm start` starts it. */
interface Started {
  readonly child: ChildProcess;
  readonly url: string;
}

let folder: string;
let home: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commander-process-'));
  home = join(folder, 'home');
  // mkdtemp makes the folder for its owner alone; the database's own user must be able to pass.
  await chmod(folder, 0o711);
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGINT');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

function spawnMain(): ChildProcess {
  const child = spawnCommander({ home, folder });
  children.push(child);
  return child;
}

async function start(): Promise<Started> {
  const child = spawnMain();
  return { child, url: await readyAddress(child) };
}

async function say(url: string, text: string): Promise<string> {
  const response = await fetch(`${url}/api/chat/channels/general/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'commander-person': 'ana' },
    body: JSON.stringify({ text }),
  });
  return ((await response.json()) as { message: { id: string } }).message.id;
}

/** The thread once it shows these words, woken by the event stream. */
async function threadWith(url: string, id: string, words: string): Promise<string> {
  const ending = new AbortController();
  const events = await fetch(`${url}/api/chat/events`, { signal: ending.signal });
  const reader = events.body?.getReader();
  try {
    for (;;) {
      const text = await (await fetch(`${url}/api/chat/threads/${id}`)).text();
      if (text.includes(words)) return text;
      await reader?.read();
    }
  } finally {
    ending.abort();
  }
}

/** Commander as it is in git, beside the packages that are installed, less those that `npm ci --omit=dev` leaves out; npm's Node stays. */
async function cleanClone(): Promise<string> {
  const clone = join(folder, 'clone');
  if (existsSync('.git')) execFileSync('git', ['checkout-index', '--all', `--prefix=${clone}/`]);
  else await cp('.', clone, { recursive: true, filter: (path) => !path.includes('node_modules') });
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
    packages: Readonly<Record<string, { readonly dev?: true }>>;
  };
  const needed = Object.entries(packages).flatMap(([path, { dev }]) =>
    dev === undefined && /^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(path) && existsSync(path) ? [path] : [],
  );
  for (const path of ['node_modules/.bin', ...needed]) {
    await mkdir(join(clone, dirname(path)), { recursive: true });
    await symlink(resolve(path), join(clone, path));
  }
  return clone;
}

/** What a person types in a shell. */
function commandLine(...args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
  const env = { PATH: process.env.PATH, HOME: folder, COMMANDER_HOME: home };
  return spawn(resolve('bot/cli/commander'), args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Its output in the end, and its exit code. */
async function heard(child: ChildProcess) {
  let said = '';
  child.stdout?.on('data', (chunk) => {
    said += String(chunk);
  });
  const [code] = await once(child, 'close');
  return { code: Number(code), said };
}

describe.runIf(process.platform === 'linux')('the process', () => {
  it('refuses a second start on the same data directory, and says so; stops everything in order on Ctrl-C', async () => {
    const { child } = await start();
    const second = spawnMain();
    for (const name of ['logs', 'blobs', 'work', 'commander.log'])
      expect((await stat(join(home, name))).mode & 0o077, name).toBe(0);
    const { code, said } = await problemOf(second);
    expect(code).toBe(1);
    expect(said).toContain('running already');
    expect(await heard(commandLine('tasks'))).toEqual({ code: 0, said: expect.stringMatching(/^\nTasks\n/) });

    child.kill('SIGINT');
    const [ended] = await once(child, 'exit');
    expect(ended).toBe(0);
    expect(await belonging(home)).toEqual([]);
  });

  it('is told by the doctor what this machine has, which agents with their versions, and how to install others', async () => {
    await mkdir(home);
    const mine = `find: false\nagents:\n  mine: { name: My agent, command: ${process.execPath} }\n  other: { command: not-there }\n`;
    await writeFile(join(home, 'settings.yaml'), mine);
    const { code, said } = await heard(spawnCommander({ home, folder }, [process.execPath, 'bot/cli/doctor.ts']));
    expect(code).toBe(0);
    expect(said).toMatch(/Sandbox +(bubblewrap works|none: install bubblewrap)/);
    expect(said).toMatch(/installed\n.* My agent +v?\d+\..* \(\/.*\)/);
    expect(said).toMatch(/Others\n +other +named in the settings, but its program was not found/);
  });

  it('is told by the doctor which settings can not be used, in a sentence', async () => {
    await mkdir(home);
    await writeFile(join(home, 'settings.yaml'), 'slots: many');
    const { code, said } = await problemOf(spawnCommander({ home, folder }, [process.execPath, 'bot/cli/doctor.ts']));
    expect(code).toBe(1);
    expect(said).toMatch(/^The settings in .*can not be used/);
    expect(said).not.toContain('    at ');
    const { code: notSaid, said: why } = await problemOf(commandLine('tasks', '--url', 'http://localhost:1'));
    expect([notSaid, why]).toEqual([2, expect.stringMatching(/^Commander does not answer at .*\n$/)]);
  });

  it('leaves nothing behind when it is killed in the middle, and goes on by itself at the next start', async () => {
    const { child, url } = await start();
    const thread = await say(url, '@commander slow');
    await threadWith(url, thread, 'first rows: 1 of');
    child.kill('SIGKILL');
    await once(child, 'exit');
    // Nothing tells when a stranger's process is gone; /proc is asked until it is, within vitest's time limit.
    while ((await belonging(home)).length > 0) await pause(50);

    const again = await start();
    // The step that was cut short is done, and the next one is under way.
    const text = await threadWith(again.url, thread, 'sunny rows: 1 of');
    expect(text.match(/"key":"status:1"/g)).toHaveLength(1);
    expect(text.match(/"key":"understanding:1"/g)).toHaveLength(1);
  }, 120_000);

  it('starts from what is in git alone; ends whole when a service manager ends npm, and says nothing at the terminal meanwhile', async () => {
    const child = spawnCommander({ home, folder, cwd: await cleanClone() }, ['npm', 'start']);
    children.push(child);
    const problem = problemOf(child);
    const url = await readyAddress(child);
    const assets = (await (await fetch(url)).text()).match(/\/assets\/[^"']+\w(?=["'])/g) ?? [];
    const paths = ['/readyz', ...assets];
    const found = await Promise.all(paths.map(async (path) => [path, (await fetch(url + path)).status]));
    expect(found).toEqual(paths.map((path) => [path, 200]));
    expect(paths.length).toBeGreaterThan(50);
    child.kill('SIGTERM');
    const { said } = await problem;
    expect(said).not.toContain('Warning');
    expect(await belonging(home)).toEqual([]);
  });
});
