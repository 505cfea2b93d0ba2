import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { containment, strongestContainment } from './containment.ts';
import { baseEnvironment } from './environment.ts';
import { startCommand } from './start-command.ts';
import { sweep } from './sweep.ts';

/** Its name stands in the command line of every process that a test starts. */
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'commander-leftovers-'));
});

afterEach(async () => {
  await sweep(folder);
  rmSync(folder, { recursive: true, force: true });
});

/** Command lines of running processes that name the folder: found otherwise than the product looks for them. */
function survivors(): string[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      const line = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return line.includes(folder) ? [line] : [];
    } catch {
      // It ended while we looked.
      return [];
    }
  });
}

/** Writes a shell script into the folder; gives its path. */
function scriptFile(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Ignores SIGTERM and has children that do: in its group, in a session of their own, and orphaned. Prints `up` at the end. */
function stubborn(): string {
  const deaf = scriptFile('deaf.sh', 'trap "" TERM HUP INT; echo "$1" ; while :; do sleep 1; done\n');
  return scriptFile(
    'stubborn.sh',
    `trap "" TERM HUP INT
     sh ${deaf} child &
     setsid sh ${deaf} session &
     (setsid sh -c 'sh ${deaf} orphan & exit' &)
     nohup sh ${deaf} nohup &
     sh ${deaf} main\n`,
  );
}

const CHILDREN = ['child', 'main', 'nohup', 'orphan', 'session'];

function start(script: string, kind: 'namespace' | 'process-group', graceMs: number) {
  return startCommand({
    command: 'sh',
    args: [script],
    cwd: folder,
    env: baseEnvironment({ HOME: folder }),
    cookie: folder,
    logFile: join(folder, 'step.log'),
    graceMs,
    containment: kind,
  });
}

const KINDS =
  strongestContainment() === 'namespace' ? (['namespace', 'process-group'] as const) : (['process-group'] as const);

it('says which containment there is', async () => {
  expect(await containment()).toBe(strongestContainment());
});

describe.each(KINDS)('stop in a %s', (kind) => {
  it('leaves nothing of a tree that ignores SIGTERM, changes session and orphans itself', async () => {
    const running = start(stubborn(), kind, 200);
    const seen = new Set<string>();
    for await (const { text } of running.lines) if (seen.add(text).size === CHILDREN.length) break;
    expect([...seen].sort()).toEqual(CHILDREN);
    await running.stop();
    expect(survivors()).toEqual([]);
    expect(await running.ended).toMatchObject({ reason: 'cancelled', signal: 'SIGKILL' });
  });

  it('asks every process before it kills one', async () => {
    // No shell: its own children could be started between the asking of one and of the other, and nobody would ask them.
    const polite = scriptFile(
      'polite.mjs',
      `const [, , name] = process.argv;
       process.on('SIGTERM', () => { console.log(name + ' goodbye'); process.exit(); });
       setInterval(() => {}, 1e6);
       console.log(name + ' up');`,
    );
    const one = `${process.execPath} ${polite}`;
    const all = scriptFile('all.sh', `trap "wait; wait; exit" TERM; ${one} a & setsid ${one} b & wait\n`);
    const running = start(all, kind, 60_000);
    let up = 0;
    for await (const { text } of running.lines) if (text.endsWith(' up') && ++up === 2) break;
    await running.stop();
    expect((await running.ended).lastLines).toEqual(expect.arrayContaining(['a goodbye', 'b goodbye']));
  });

  it('wins against a command that forks without end while it is stopped', async () => {
    const leaf = scriptFile('leaf.sh', 'trap "" TERM; sleep 1000; true\n');
    const storm = `storm() { while :; do sh ${leaf} & setsid sh ${leaf} & sleep 0.01; done; }`;
    const running = start(
      scriptFile('storm.sh', `${storm}\n trap storm TERM; echo up; while :; do sleep 0.01; done\n`),
      kind,
      300,
    );
    for await (const { text } of running.lines) if (text === 'up') break;
    await running.stop();
    expect(survivors()).toEqual([]);
  });
});

describe('sweep', () => {
  it('kills what carries the cookie of the run, and nothing else', async () => {
    const other = execa('sh', ['-c', 'echo up; sleep 1000', folder], {
      env: { COMMANDER_RUN: `${folder}-other` },
      reject: false,
    });
    const mine = execa('sh', [stubborn()], { env: { COMMANDER_RUN: folder }, reject: false, detached: true });
    await Promise.all([once(other.stdout, 'data'), linesSeen(mine.stdout, CHILDREN.length)]);
    expect(await sweep(folder)).toBeGreaterThanOrEqual(CHILDREN.length);
    expect(survivors()).toEqual([`sh -c echo up; sleep 1000 ${folder} `]);
    expect(await sweep(folder)).toBe(0);
    await sweep(`${folder}-other`);
    await Promise.all([other, mine]);
    expect(survivors()).toEqual([]);
  });

  it('catches a process that is another one at every look', async () => {
    const hop = join(folder, 'hop.sh');
    // Each one starts its successor in a session of its own and ends.
    scriptFile('hop.sh', `echo hop; setsid sh ${hop} &\n`);
    const runner = execa('sh', [hop], { env: { COMMANDER_RUN: folder }, reject: false, detached: true });
    await linesSeen(runner.stdout, 20);
    await sweep(folder);
    expect(survivors()).toEqual([]);
    await runner;
  });
});

describe('when the worker dies', () => {
  const START_IN_CHILD = `
    const [modules, script, folder, containment] = process.argv.slice(1);
    const { startCommand } = await import(modules + 'start-command.ts');
    const { baseEnvironment } = await import(modules + 'environment.ts');
    const env = baseEnvironment({ HOME: folder });
    const { lines } = startCommand({ command: 'sh', args: [script], cwd: folder, env, cookie: folder, logFile: folder + '/step.log', containment });
    for await (const { text } of lines) console.log(text);
  `;

  function worker(kind: string) {
    const modules = new URL('.', import.meta.url).href;
    const args = ['--input-type=module', '-e', START_IN_CHILD, modules, stubborn(), folder, kind];
    return execa(process.execPath, args, { reject: false });
  }

  it.skipIf(strongestContainment() !== 'namespace')('by kill -9, a namespace is emptied by the kernel', async () => {
    const killed = worker('namespace');
    await linesSeen(killed.stdout, CHILDREN.length);
    killed.kill('SIGKILL');
    await killed;
    await vi.waitUntil(() => survivors().length === 0, { timeout: 30_000, interval: 10 });
  });

  it('by kill -9, a process group is found by the next sweep', async () => {
    const killed = worker('process-group');
    await linesSeen(killed.stdout, CHILDREN.length);
    killed.kill('SIGKILL');
    await killed;
    expect(await sweep(folder)).toBeGreaterThanOrEqual(CHILDREN.length);
    expect(survivors()).toEqual([]);
  });

  it.skipIf(strongestContainment() !== 'namespace')(
    'as a thread, its commands die and those of other threads live',
    async () => {
      const [first, second] = [thread('first'), thread('second')];
      await Promise.all([once(first, 'message'), once(second, 'message')]);
      await first.terminate();
      await vi.waitUntil(() => survivors().every((line) => !line.includes('first')), { timeout: 30_000, interval: 10 });
      expect(survivors().some((line) => line.includes('second'))).toBe(true);
      await second.terminate();
      await vi.waitUntil(() => survivors().length === 0, { timeout: 30_000, interval: 10 });
    },
  );

  function thread(name: string): Worker {
    const source = `
      const { workerData, parentPort } = require('node:worker_threads');
      const { modules, script, folder, name } = workerData;
      (async () => {
        const { startCommand } = await import(modules + 'start-command.ts');
        const { baseEnvironment } = await import(modules + 'environment.ts');
        const env = baseEnvironment({ HOME: folder });
        const logFile = folder + '/' + name + '.log';
        const { lines } = startCommand({ command: 'sh', args: [script, name], cwd: folder, env, cookie: folder + name, logFile });
        for await (const { text } of lines) parentPort.postMessage(text);
      })();
    `;
    const script = scriptFile('thread.sh', 'setsid sh -c "sleep 1000; true" "$0" "$1" & trap "" TERM; echo up; wait\n');
    const workerData = { modules: new URL('.', import.meta.url).href, script, folder, name };
    return new Worker(source, { eval: true, workerData });
  }
});

async function linesSeen(stream: Readable, count: number): Promise<void> {
  let seen = 0;
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    seen += String(chunk).split('\n').length - 1;
    if (seen >= count) return;
  }
  throw new Error(`The process ended after ${seen} lines, before the ${count} that were waited for.`);
}
