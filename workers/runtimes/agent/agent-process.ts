import { Readable, Writable } from 'node:stream';
import { ndJsonStream, type Stream } from '@agentclientprotocol/sdk';
import type { AgentSpec } from '#core/agents/settings.ts';
import { createRedactor, type Redactor } from '#core/text/redact.ts';
import type { CommandEnd, RunningCommand } from '../../process/command.ts';
import { baseEnvironment } from '../../process/environment.ts';
import { startCommand } from '../../process/start-command.ts';
import type { StepContext } from '../runtime.ts';
import { knownMessages } from './known-messages.ts';

/** The process of an agent, with its side of the protocol. */
export interface AgentProcess {
  readonly stream: Stream;
  readonly ended: Promise<CommandEnd>;
  stop(): Promise<void>;
}

/** One message of an agent, in bytes: an image of the size that models take, and room. */
const messageLimitBytes = 32 * 1024 * 1024;

/** Nothing that an agent says at its start is worth more time, in milliseconds. */
const graceMs = 3_000;

/**
 * Starts an agent in the work folder, with an environment made from nothing and only the secrets that it is granted.
 * `onUnknown` hears of kinds of updates that Commander does not know.
 */
export function startAgentProcess(
  spec: AgentSpec,
  context: StepContext,
  onUnknown: (kind: string) => void,
): AgentProcess | { readonly problem: string } {
  const { folder, files, task, runId, logFile } = context;
  const command = startCommand({
    command: spec.command,
    args: spec.args,
    cwd: folder,
    env: baseEnvironment({
      HOME: spec.home === 'worker' ? (process.env.HOME ?? files.home) : files.home,
      ...granted(spec),
      ...spec.env,
      COMMANDER_TASK: String(task.number),
      COMMANDER_OUTPUTS: files.outputs,
      COMMANDER_ATTACHMENTS: files.attachments,
    }),
    interactive: true,
    cookie: runId,
    logFile,
    graceMs,
    redactor: redactorOf(spec),
  });
  if (command.pipes === undefined) return { problem: problemOf(spec) };
  return { stream: streamOf(command.pipes, onUnknown), ended: command.ended, stop: () => command.stop('shutdown') };
}

/** Takes the secrets of an agent out of everything that it says. */
export function redactorOf(spec: AgentSpec): Redactor {
  return createRedactor(Object.entries(granted(spec)).map(([name, value]) => ({ name, value })));
}

function granted({ secrets }: AgentSpec): Record<string, string> {
  const there = secrets.flatMap((name) => {
    const value = process.env[name];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(there);
}

function streamOf({ input, output }: NonNullable<RunningCommand['pipes']>, onUnknown: (kind: string) => void): Stream {
  // What is written to a process that has just died is lost; that it died is said elsewhere.
  input.on('error', () => {});
  const { readable, writable } = ndJsonStream(
    Writable.toWeb(input),
    Readable.toWeb(output) as ReadableStream<Uint8Array>,
    { maxMessageBytes: messageLimitBytes },
  );
  return { writable, readable: readable.pipeThrough(knownMessages(onUnknown)) };
}

function problemOf({ name, command, install }: AgentSpec): string {
  const how = install === undefined ? 'Install it on the worker, or write its full path' : `Install it: ${install}`;
  return `${name} can not be started on this worker: the program “${command}” was not found. ${how}.`;
}
