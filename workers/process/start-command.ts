import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { execa } from 'execa';
import type { CommandEnd, CommandSpec, RunningCommand } from './command.ts';
import { endOf, endWithoutStart, spawnProblem } from './command-end.ts';
import { type Containment, contained, strongestContainment } from './containment.ts';
import { type LogFile, openLogFile } from './log-file.ts';
import { watchMemory } from './memory.ts';
import { cleaner, createOutput, type Output } from './output.ts';
import { preflight } from './preflight.ts';
import { COOKIE_NAME } from './sweep.ts';
import { bringDown, kill, type Tree } from './tree.ts';

const LOG_LIMIT_BYTES = 10 * 1024 * 1024;
const LINES_PER_SECOND = 100;
const GRACE_MS = 5_000;
/** A command that fills the memory goes on filling it while it cleans up, so it gets less time. */
const MEMORY_GRACE_MS = 250;
/** The longest that a timer of Node can be set to: 24.8 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** What a pipe still holds when its writers are dead is read within one such time; a survivor's output is given up. */
const PIPE_GRACE_MS = 250;
const MOST_PIPE_GRACES = 20;

/**
 * Starts a command in its own environment, session and, where the machine allows it, PID namespace. Its output is read as fast
 * as it comes, in constant memory. Never throws: a command that can't be started ends at once with `spawn_failed`.
 */
export function startCommand(spec: CommandSpec): RunningCommand {
  const begun = performance.now();
  const found = preflight(spec.command, spec.cwd, spec.env.PATH ?? '');
  if ('problem' in found) return notStarted(spec, found.problem, begun);
  let log: LogFile;
  try {
    log = openLogFile(spec.logFile, spec.logLimitBytes ?? LOG_LIMIT_BYTES, cleaner(spec.redactor));
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return notStarted(spec, `The log of the command can't be written: ${words}. Make its folder writable.`, begun);
  }
  const linesPerSecond = spec.linesPerSecond ?? LINES_PER_SECOND;
  const output = createOutput({ log, linesPerSecond, redactor: spec.redactor });
  const containment = spec.containment === 'process-group' ? spec.containment : strongestContainment();
  const child = spawn(spec, containment, found.path);
  return child.pid === undefined
    ? { pid: undefined, lines: output.lines, ended: refused(spec, child, output, begun), stop: async () => {} }
    : follow(spec, child, { output, begun, tree: { pid: child.pid, cookie: spec.cookie, containment } });
}

function spawn(spec: CommandSpec, containment: Containment, path: string) {
  const { file, args } = contained(containment, path, spec.args);
  return execa(file, args, {
    cwd: spec.cwd,
    env: { ...spec.env, [COOKIE_NAME]: spec.cookie },
    extendEnv: false,
    // An own session: no terminal to write to, and a process group that can be signalled as one.
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stdout: 'pipe',
    stderr: 'pipe',
    ...inputOf(spec),
  });
}

function inputOf({ interactive, stdin }: CommandSpec): { stdin: 'ignore' | 'pipe' } | { input: string } {
  if (interactive) return { stdin: 'pipe' };
  return stdin === undefined ? { stdin: 'ignore' } : { input: stdin };
}

type Child = ReturnType<typeof spawn>;

interface Started {
  readonly tree: Tree;
  readonly output: Output;
  readonly begun: number;
}

function follow(spec: CommandSpec, child: Child, { tree, output, begun }: Started): RunningCommand {
  const exit = exitOf(child);
  let exited = false;
  let how: Parameters<typeof endOf>[1]['how'] = { reason: 'exit' };
  let stopping: Promise<void> | undefined;

  function bring(why: typeof how, graceMs: number): void {
    if (exited || stopping) return;
    how = why;
    stopping = bringDown(tree, exit, graceMs);
  }

  const graceMs = spec.graceMs ?? GRACE_MS;

  async function stop(): Promise<void> {
    bring({ reason: 'cancelled' }, graceMs);
    await ended;
  }

  async function end(): Promise<CommandEnd> {
    const timer = timeLimit(spec.timeoutMs, () => bring({ reason: 'timeout' }, graceMs));
    const unwatch = watchMemory(tree, spec.memoryBytes, (heldBytes) =>
      bring({ reason: 'memory', heldBytes }, MEMORY_GRACE_MS),
    );
    const status = await exit;
    exited = true;
    clearTimeout(timer);
    unwatch();
    if (stopping) await stopping;
    // The kernel has emptied a namespace before its first process counts as ended.
    else if (tree.containment === 'process-group') await kill(tree);
    await drained(child, output);
    const { containment } = tree;
    return endOf(spec, { how, containment, durationMs: since(begun) }, status, output.end());
  }

  if (!spec.interactive) child.stdout.on('data', (chunk: Buffer) => output.take('out', chunk));
  child.stderr.on('data', (chunk: Buffer) => output.take('err', chunk));
  const ended = end();
  return { pid: tree.pid, lines: output.lines, ended, stop, ...pipesOf(spec, child) };
}

function pipesOf({ interactive }: CommandSpec, { stdin, stdout }: Child): Pick<RunningCommand, 'pipes'> {
  return interactive && stdin !== null ? { pipes: { input: stdin, output: stdout } } : {};
}

/** The exit of the process, not the end of its output: a survivor may hold the pipes open for ever. */
function exitOf(child: Child): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve) => {
    child.nodeChildProcess.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

/** Reads what is still in the pipes, as long as something comes. */
async function drained(child: Child, output: Output): Promise<void> {
  const streams = [child.stdout, child.stderr];
  const closed = Promise.all(
    streams.map((stream) => stream.closed || new Promise((resolve) => stream.once('close', resolve))),
  );
  let over = false;
  const done = closed.then(() => {
    over = true;
  });
  let before = -1;
  for (let round = 0; round < MOST_PIPE_GRACES && output.taken !== before; round += 1) {
    before = output.taken;
    await Promise.race([done, delay(PIPE_GRACE_MS)]);
    if (over) return;
    // On a busy thread the time may be up before the pipe was looked at once.
    await turn();
  }
  for (const stream of streams) stream.destroy();
}

/** The system did not start the process: no memory, too many processes, arguments too long. */
async function refused(spec: CommandSpec, child: Child, output: Output, begun: number): Promise<CommandEnd> {
  const result = await child;
  output.end();
  return endWithoutStart(spec, spawnProblem(spec.command, result.code, result.originalMessage), since(begun));
}

function notStarted(spec: CommandSpec, problem: string, begun: number): RunningCommand {
  const ended = Promise.resolve(endWithoutStart(spec, problem, since(begun)));
  return { pid: undefined, lines: noLines(), ended, stop: async () => {} };
}

async function* noLines(): AsyncGenerator<never> {}

function timeLimit(milliseconds: number | undefined, act: () => void): NodeJS.Timeout | undefined {
  return milliseconds === undefined ? undefined : setTimeout(act, Math.min(milliseconds, LONGEST_TIMER_MS));
}

function since(begun: number): number {
  return Math.round(performance.now() - begun);
}
