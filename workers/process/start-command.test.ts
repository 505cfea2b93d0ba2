import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRedactor } from '#core/text/redact.ts';
import type { CommandSpec, RunningCommand } from './command.ts';
import { strongestContainment } from './containment.ts';
import { baseEnvironment } from './environment.ts';
import type { OutputLine } from './line-feed.ts';
import { startCommand } from './start-command.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'commander-command-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(command: string, args: readonly string[], more: Partial<CommandSpec> = {}): RunningCommand {
  return startCommand({
    command,
    args,
    cwd: folder,
    env: baseEnvironment({ HOME: folder }),
    cookie: folder,
    logFile: join(folder, 'logs', 'step.log'),
    ...more,
  });
}

/** A shell script; `$1` and on are `args`. */
function script(text: string, more: Partial<CommandSpec> = {}, ...args: string[]): RunningCommand {
  return start('sh', ['-c', text, 'script', ...args], more);
}

async function linesOf(running: RunningCommand): Promise<OutputLine[]> {
  const lines: OutputLine[] = [];
  for await (const line of running.lines) lines.push(line);
  return lines;
}

function log(): string {
  return readFileSync(join(folder, 'logs', 'step.log'), 'utf8');
}

const KINDS =
  strongestContainment() === 'namespace' ? (['namespace', 'process-group'] as const) : (['process-group'] as const);

describe.each(KINDS)('a command in a %s', (containment) => {
  it('gives its output by lines, its log and its exit code', async () => {
    const running = script('echo one; echo two >&2; printf three; exit 3', { containment });
    expect(await linesOf(running)).toEqual(
      expect.arrayContaining([
        { stream: 'out', text: 'one' },
        { stream: 'err', text: 'two' },
        { stream: 'out', text: 'three' },
      ]),
    );
    expect(await running.ended).toMatchObject({ reason: 'exit', exitCode: 3, outputBytes: 13, logTruncated: false });
    expect(log().split('\n').sort()).toEqual(['', 'one', 'three', 'two']);
  });

  it('gets its arguments untouched by any shell', async () => {
    const hostile = ['$(id)', '`id`', '; rm -rf ~', '"\'\\', '*', '-n', 'a b', '', 'ü🎉', '--', '$1'];
    const running = start(process.execPath, ['-p', 'JSON.stringify(process.argv.slice(1))', '--', ...hostile], {
      containment,
    });
    const [line] = await linesOf(running);
    expect(JSON.parse(line?.text ?? '')).toEqual(hostile);
  });

  it('sees the environment it is given, marked by its cookie, and nothing else', async () => {
    const env = { ...baseEnvironment({ HOME: folder }), COMMANDER_RUN: 'forged', GREETING: 'hello' };
    const running = script('env', { containment, env, cookie: 'the-run' });
    const names = (await linesOf(running)).map(({ text }) => text.split('=')[0]);
    expect(names.filter((name) => !['PWD', 'SHLVL', '_', 'OLDPWD'].includes(name ?? '')).sort()).toEqual([
      'COMMANDER_RUN',
      'GREETING',
      'HOME',
      'LANG',
      'PATH',
      'TERM',
      'TMPDIR',
    ]);
    expect(log()).toContain('COMMANDER_RUN=the-run\n');
  });

  it('is told apart when a signal ended it', async () => {
    const end = await script('kill -SEGV $$', { containment }).ended;
    expect(end).toMatchObject({ reason: 'exit', signal: 'SIGSEGV' });
    expect(end.exitCode).toBeUndefined();
  });

  it('gets its input, and may leave it unread', async () => {
    const input = 'x'.repeat(1_000_000);
    expect((await script('wc -c', { containment, stdin: input }).ended).lastLines).toEqual(['1000000']);
    expect(await script('exit 0', { containment, stdin: input }).ended).toMatchObject({ reason: 'exit', exitCode: 0 });
    expect((await script('cat; echo end', { containment }).ended).lastLines).toEqual(['end']);
  });

  it('ends with its own exit, whoever still holds its output', async () => {
    const running = script('sleep 1000 & setsid sleep 1000 & echo started; exit 0', { containment });
    expect(await running.ended).toMatchObject({ reason: 'exit', exitCode: 0, lastLines: ['started'] });
    expect(commandsNaming(folder)).toEqual([]);
  });

  it('is stopped at its time limit, and says so', async () => {
    const end = await script('sleep 1000', { containment, timeoutMs: 50 }).ended;
    expect(end).toMatchObject({ reason: 'timeout', signal: 'SIGTERM' });
    expect(end.message).toBe(
      'The command took longer than 50 ms and was stopped. Give the step a longer `timeout` if it needs more.',
    );
  });

  it('is stopped when all that it started holds more memory than it may, and says how much', async () => {
    // Each keeps 60 MB for somebody who does not read.
    const hoard = 'head -c 60000000 /dev/zero | tail -c 60000000 | sleep 1000';
    const end = await script(`${hoard} & ${hoard} & ${hoard} & wait`, { containment, memoryBytes: 130_000_000 }).ended;
    expect(end).toMatchObject({ reason: 'memory' });
    expect(end.message).toMatch(
      /^The command held 1[3-9]\d MB of memory, more than the 130 MB that it may, and was stopped\.$/,
    );
    expect(commandsNaming(folder)).toEqual([]);
  });

  it('may clean up when it is stopped', async () => {
    const running = script('trap "echo cleaned up; exit 7" TERM; echo up; while :; do sleep 1000 & wait; done', {
      containment,
    });
    await firstLine(running);
    await running.stop();
    expect(await running.ended).toMatchObject({ reason: 'cancelled', exitCode: 7, lastLines: ['up', 'cleaned up'] });
  });

  it('is stopped while it is just being started', async () => {
    const running = script('sleep 1000', { containment });
    await running.stop();
    expect((await running.ended).reason).toBe('cancelled');
    expect(commandsNaming(folder)).toEqual([]);
  });

  it('is stopped when it has been frozen', async () => {
    const running = script('trap "echo cleaned up; exit 7" TERM; echo up; kill -STOP $$', { containment });
    await firstLine(running);
    await running.stop();
    expect(await running.ended).toMatchObject({ reason: 'cancelled' });
    expect(commandsNaming(folder)).toEqual([]);
  });

  it('can be stopped after its end, which changes nothing', async () => {
    const running = script('exit 0', { containment });
    await running.ended;
    await running.stop();
    expect(await running.ended).toMatchObject({ reason: 'exit', exitCode: 0 });
  });
});

describe('output', () => {
  it('is harmless whatever a command prints', async () => {
    const running = script(
      String.raw`printf '\033[31mred\033[0m \033]52;c;evil\007x\n 10%%\r 90%%\r100%%\nbad \377\376 utf8\n\342\200\256rtl\n'`,
    );
    const texts = (await linesOf(running)).map(({ text }) => text);
    expect(texts).toEqual(['red x', '100%', 'bad \ufffd\ufffd utf8', 'rtl']);
    await running.ended;
    expect(log()).toBe(`${texts.join('\n')}\n`);
  });

  it('survives binary garbage', async () => {
    const running = script('head -c 3000000 /dev/urandom');
    for (const { text } of await linesOf(running)) expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
    const end = await running.ended;
    expect(end).toMatchObject({ reason: 'exit', exitCode: 0, outputBytes: 3_000_000 });
    expect(log()).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
  });

  it('cuts a line of 10 MB without newline, and says so', async () => {
    const running = script("head -c 10000000 /dev/zero | tr '\\0' x");
    const [line, ...others] = await linesOf(running);
    expect(others).toEqual([]);
    expect(line).toEqual({ stream: 'out', text: `${'x'.repeat(1999)}…`, truncated: true });
    expect(await running.ended).toMatchObject({ outputBytes: 10_000_000, logTruncated: true });
    expect(log()).toBe(`${'x'.repeat(65_536)} [9934464 more bytes of this line left out]\n`);
  });

  it('shows the last state of a progress bar that overwrites itself for megabytes', async () => {
    const running = script('yes "working, please wait" | head -n 200000 | tr "\\n" "\\r"; echo; echo done');
    expect((await linesOf(running)).map(({ text }) => text)).toEqual(['working, please wait', 'done']);
    await running.ended;
  });

  it('counts the lines that come faster than they may be shown', async () => {
    const running = script('seq 1 100000', { linesPerSecond: 10 });
    const lines = await linesOf(running);
    const { droppedLines, lastLines } = await running.ended;
    expect(lines.length + droppedLines).toBe(100_000);
    expect(lines.slice(0, 10).map(({ text }) => text)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
    expect(lastLines).toEqual(Array.from({ length: 20 }, (_, index) => String(99_981 + index)));
  });

  it('keeps beginning and end in a log of limited size', async () => {
    const running = script('seq 1 100000', { logLimitBytes: 10_000 });
    expect(await running.ended).toMatchObject({ logTruncated: true });
    expect(log()).toMatch(
      /^1\n2\n3\n[\d\n]+\n\[\d+ kB left out here: a log holds 10 kB\]\n\n\d+\n[\d\n]+\n99999\n100000\n$/,
    );
    expect(statSync(join(folder, 'logs', 'step.log')).size).toBeLessThanOrEqual(10_000);
  });

  it('holds no secret: not in lines, not in the log, not at the edge of a cut line', async () => {
    const secret = 'hunter2-hunter2-hunter2';
    const redactor = createRedactor([{ name: 'TOKEN', value: secret }]);
    const text =
      'echo "token $1"; printf "\\033[1mhunt\\033[0mer2-hunter2-hunter2\\n"; head -c 65520 /dev/zero | tr "\\0" x; echo "$1$1"';
    const running = script(text, { redactor }, secret);
    const lines = await linesOf(running);
    expect(lines.slice(0, 2).map((line) => line.text)).toEqual(['token [secret TOKEN]', '[secret TOKEN]']);
    const { lastLines } = await running.ended;
    for (const shown of [log(), ...lastLines]) expect(shown).not.toContain('hunter2');
  });

  it('does not grow memory: 1 GB on standard output', async () => {
    const running = start(process.execPath, ['--input-type=module', '-e', RUN_AND_MEASURE, modules(), folder]);
    const [line] = await linesOf(running);
    expect(await running.ended).toMatchObject({ reason: 'exit', exitCode: 0 });
    const { outputBytes, logBytes, grownBytes } = JSON.parse(line?.text ?? '');
    expect(outputBytes).toBe(1_000_000_000);
    expect(logBytes).toBeLessThanOrEqual(10 * 1024 * 1024);
    expect(grownBytes).toBeLessThan(100_000_000);
  });
});

describe('a command that can’t be started', () => {
  it.each([
    [
      'is not installed',
      'no-such-program',
      /^The program no-such-program was not found\. Install it on the worker, or write its full path\./,
    ],
    [
      'does not exist',
      './no-such-file',
      /^The program \.\/no-such-file does not exist in .*\. Check its spelling and `cwd`\.$/,
    ],
    ['is not executable', './plain.txt', /^The file \.\/plain\.txt is not executable\. Run `chmod \+x \.\/plain\.txt`/],
    ['is a folder', './sub', /^\.\/sub is a folder, no program\./],
    [
      'names a missing interpreter',
      './bad.sh',
      /names \/no\/such\/interpreter in its first line, which does not exist here/,
    ],
    ['has Windows line ends', './windows.sh', /^The script \.\/windows\.sh has Windows line ends/],
    ['is empty', '', /^The command is empty\./],
    ['leads nowhere', './dangling', /does not exist/],
  ])('says what to do when it %s', async (_, command, message) => {
    writeFileSync(join(folder, 'plain.txt'), 'text');
    symlinkSync(join(folder, 'nothing'), join(folder, 'dangling'));
    writeFileSync(join(folder, 'bad.sh'), '#!/no/such/interpreter -x\n');
    writeFileSync(join(folder, 'windows.sh'), '#!/bin/sh\r\necho hi\r\n');
    await script('mkdir sub').ended;
    for (const name of ['bad.sh', 'windows.sh']) chmodSync(join(folder, name), 0o755);

    const running = start(command, []);
    const end = await running.ended;
    expect(end).toMatchObject({ reason: 'spawn_failed', outputBytes: 0 });
    expect(end.message).toMatch(message);
    expect(await linesOf(running)).toEqual([]);
    await running.stop();
  });

  it('says when its working directory is missing or a file', async () => {
    writeFileSync(join(folder, 'file'), '');
    expect((await script('true', { cwd: join(folder, 'gone') }).ended).message).toMatch(
      /working directory .*gone does not exist/,
    );
    expect((await script('true', { cwd: join(folder, 'file') }).ended).message).toMatch(
      /working directory .*file is no folder/,
    );
  });

  it('says when its log can’t be written, and never writes through a link', async () => {
    writeFileSync(join(folder, 'file'), 'precious');
    symlinkSync(join(folder, 'file'), join(folder, 'link'));
    for (const logFile of [join(folder, 'file', 'step.log'), join(folder, 'link')]) {
      expect(await script('true', { logFile }).ended).toMatchObject({
        reason: 'spawn_failed',
        message: expect.stringMatching(/^The log of the command can't be written: /),
      });
    }
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('precious');
  });

  it('says when the system refuses its arguments', async () => {
    const end = await script('true', {}, 'x'.repeat(10_000_000)).ended;
    expect(end.reason).toBe('spawn_failed');
    expect(end.message).toMatch(/could not be started: .*E2BIG.*pass large inputs in a file\.$/);
  });
});

/** The command lines of running processes that stand in a folder: independent of how the product looks for them. */
function commandsNaming(text: string): string[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'latin1');
      return environment.includes(`=${text}\0`) ? [readFileSync(`/proc/${name}/cmdline`, 'latin1')] : [];
    } catch {
      // Ended while we looked, or not ours.
      return [];
    }
  });
}

async function firstLine(running: RunningCommand): Promise<OutputLine | undefined> {
  for await (const line of running.lines) return line;
  return undefined;
}

function modules(): string {
  return new URL('.', import.meta.url).href;
}

/** Arguments: the folder of the modules, a folder to work in. Prints how much the process grew while a command wrote 1 GB. */
const RUN_AND_MEASURE = `
  const [modules, folder] = process.argv.slice(1);
  const { statSync } = await import('node:fs');
  const { startCommand } = await import(modules + 'start-command.ts');
  const { baseEnvironment } = await import(modules + 'environment.ts');
  const before = process.memoryUsage.rss();
  const logFile = folder + '/big.log';
  const args = ['-c', 'yes "an ordinary line of some forty characters" | head -c 1000000000'];
  const running = startCommand({ command: 'sh', args, cwd: folder, env: baseEnvironment({ HOME: folder }), cookie: 'big', logFile });
  for await (const line of running.lines) if (line.stream === 'err') throw new Error(line.text);
  const { outputBytes } = await running.ended;
  const grownBytes = process.resourceUsage().maxRSS * 1024 - before;
  console.log(JSON.stringify({ outputBytes, grownBytes, logBytes: statSync(logFile).size }));
`;

it('memory that processes share counts once', async () => {
  // The shell holds 40 MB and forks three times; each of the four looks as if all of it were its own. Longer than two looks.
  const text =
    'held=$(head -c 40000000 /dev/zero | tr "\\0" x); for n in 1 2 3; do (sleep 1.2; :) & done; wait; printf %s "$held" | wc -c';
  const end = await script(text, { memoryBytes: 130_000_000 }).ended;
  expect(end).toMatchObject({ reason: 'exit', exitCode: 0, lastLines: ['40000000'] });
});
