import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentSpec } from '#core/agents/settings.ts';
import { memoryLimit } from '#core/project-file/memory.ts';
import { checkLogPlace } from '#core/run/places.ts';
import type { CheckResult } from '#core/task/result.ts';
import type { VerifyCommand } from '#core/task/understanding.ts';
import { formatDuration } from '#core/text/duration.ts';
import type { Redactor } from '#core/text/redact.ts';
import { shorten } from '#core/text/shorten.ts';
import { briefCommand } from '#core/text/shown-command.ts';
import { type Walled, wallIn } from '../agents/sandbox/wall-in.ts';
import type { CommandEnd } from '../process/command.ts';
import { baseEnvironment, commandPath } from '../process/environment.ts';
import { preflight } from '../process/preflight.ts';
import { startCommand } from '../process/start-command.ts';
import { type Run, RunStopped } from '../run/run.ts';
import type { TaskFiles } from '../run/task-files.ts';

/** Where checks run. */
export interface CheckPlace {
  /** A clean copy of the commit that is checked. */
  readonly folder: string;
  /** The folder of git's objects that the copy's own git borrows. */
  readonly objects: string;
  /** Of these, HOME of the commands. */
  readonly files: Pick<TaskFiles, 'home' | 'walledHome'>;
  readonly commit: string;
  /** What the agents of the task were given: a check may print what one of them left behind. */
  readonly secrets: Redactor;
  /**
   * The agent in whose sandbox they run. They run what an agent wrote, so walls around it alone would hold nothing; absent: none
   * of the agents of the task had any.
   */
  readonly walledAs?: AgentSpec | undefined;
}

/** Of a reason in a report: a line or two. */
const reasonLength = 300;

/** Runs the declared checks on a commit, one after the other, each to its end, and reports what came out. */
export async function verifyWork(run: Run, place: CheckPlace): Promise<void> {
  const { reporter } = run;
  const checks: CheckResult[] = [];
  for (const [index, check] of reporter.task.understanding.verify.entries()) {
    reporter.tell('Checking', shorten(briefCommand(check.argv), reasonLength));
    checks.push(await carryOut(run, place, check, index));
  }
  await reporter.report({ type: 'verified', commit: place.commit, checks });
}

async function carryOut(run: Run, place: CheckPlace, check: VerifyCommand, index: number): Promise<CheckResult> {
  const { input, reporter } = run;
  const { number, round } = reporter.task;
  const { command, args, home, open } = await wallsFor(run, place, check);
  const running = startCommand({
    command,
    args,
    cwd: place.folder,
    env: baseEnvironment({ HOME: home, COMMANDER_TASK: String(number) }),
    timeoutMs: check.timeoutMs,
    memoryBytes: memoryLimit(input.memoryBytes, reporter.task.understanding),
    cookie: input.runId,
    redactor: place.secrets,
    logFile: join(input.home, checkLogPlace(number, round, index)),
  });
  const stop = () => void running.stop();
  reporter.signal.addEventListener('abort', stop, { once: true });
  const end = await running.ended.finally(open);
  reporter.signal.removeEventListener('abort', stop);
  if (reporter.signal.aborted) throw new RunStopped();
  const passed = end.reason === 'exit' && end.exitCode === 0;
  return {
    name: check.name,
    command: shorten(briefCommand(check.argv), reasonLength),
    passed,
    reason: shorten(passed ? `passed in ${formatDuration(end.durationMs)}` : reasonOf(end), reasonLength),
    durationMs: end.durationMs,
  };
}

/** What is started for a check: its program, or a sandbox around it. */
async function wallsFor(
  { reporter }: Run,
  { folder, objects, files, walledAs }: CheckPlace,
  check: VerifyCommand,
): Promise<Walled & { readonly home: string }> {
  const [command = '', ...args] = check.argv;
  const searchPath = commandPath(process.env.PATH ?? '');
  const found = preflight(command, folder, searchPath);
  // One that is not there is said to be missing like any other.
  if (walledAs === undefined || 'problem' in found) return { command, args, home: files.home, open: async () => {} };
  const home = files.walledHome;
  const sockets = await mkdtemp(join(tmpdir(), 'commander-check-'));
  const walled = await wallIn(walledAs, {
    ...{ program: found.path, args, home, keeps: nothingKept, searchPath, sockets },
    writable: [folder, home],
    readable: [objects],
    hidden: [],
    onRefused: (host, why) => reporter.tell(`Not let out, for ${why}`, host),
  });
  const open = () => walled.open().finally(() => rm(sockets, { recursive: true, force: true }));
  return { ...walled, home, open };
}

const nothingKept = { keeps: [], sessions: [], loginFiles: [], locked: [] };

function reasonOf(end: CommandEnd): string {
  const how = end.signal === undefined ? `ended with exit code ${end.exitCode}` : `was ended by ${end.signal}`;
  const last = end.lastLines.at(-1)?.trim();
  return end.message ?? (last === undefined ? how : `${how}: ${last}`);
}
