import { Readable, Writable } from 'node:stream';
import { ndJsonStream, type Stream } from '@agentclientprotocol/sdk';
import { type AgentSpec, startOf } from '#core/agents/settings.ts';
import { createRedactor, type Redactor } from '#core/text/redact.ts';
import { hiddenFrom } from '../../agents/obeyed.ts';
import { canSandbox } from '../../agents/sandbox/sandbox.ts';
import { wallIn, worksWalled } from '../../agents/sandbox/wall-in.ts';
import type { CommandEnd, RunningCommand } from '../../process/command.ts';
import { baseEnvironment, commandPath } from '../../process/environment.ts';
import { preflight } from '../../process/preflight.ts';
import { startCommand } from '../../process/start-command.ts';
import type { StepContext } from '../runtime.ts';
import { knownMessages } from './known-messages.ts';

/** The process of an agent, with its side of the protocol. */
export interface AgentProcess {
  readonly stream: Stream;
  readonly ended: Promise<CommandEnd>;
  stop(): Promise<void>;
}

export interface ProcessOptions {
  /** Folder of the socket of Commander's own tools. */
  readonly tools: string;
  /** Hears of kinds of updates that Commander does not know. */
  readonly onUnknown: (kind: string) => void;
  /** Hears what of the project the agent does not see, for it would obey it past the policy. */
  readonly onHidden: (name: string) => void;
  /** Hears of hosts that the agent may not reach, once of each. */
  readonly onRefused: (host: string, why: string) => void;
}

/** One message of an agent, in bytes: an image of the size that models take, and room. */
const messageLimitBytes = 32 * 1024 * 1024;

/** Nothing that an agent says at its start is worth more time, in milliseconds. */
const graceMs = 3_000;

/**
 * Starts an agent in the work folder, with an environment made from nothing and only the secrets that it is granted.
 */
export async function startAgentProcess(
  spec: AgentSpec,
  context: StepContext,
  options: ProcessOptions,
): Promise<AgentProcess | { readonly problem: string }> {
  const { folder, objects, files, task, runId, logFile } = context;
  const searchPath = commandPath(process.env.PATH ?? '');
  const found = preflight(spec.command, folder, searchPath);
  if ('problem' in found) return { problem: problemOf(spec) };
  if (spec.sandbox === 'required' && !canSandbox()) return { problem: noSandbox(spec) };
  const hidden = await hiddenFrom(spec, folder);
  if ('problem' in hidden) return hidden;
  for (const { name } of hidden.what) options.onHidden(name);
  const ownHome = worksWalled(spec) ? files.walledHome : files.home;
  const home = spec.home === 'worker' ? (process.env.HOME ?? ownHome) : ownHome;
  const { tools: sockets, onRefused } = options;
  const walled = await wallIn(spec, {
    ...{ program: found.path, args: startOf(spec).args, home, keeps: spec, searchPath, sockets, onRefused },
    writable: [folder, files.outputs, files.walledHome],
    readable: [files.attachments, objects],
    hidden: hidden.what,
  });
  const command = startCommand({
    command: walled.command,
    args: walled.args,
    cwd: folder,
    env: baseEnvironment({
      HOME: home,
      ...granted(spec),
      ...startOf(spec).env,
      COMMANDER_TASK: String(task.number),
      COMMANDER_OUTPUTS: files.outputs,
      COMMANDER_ATTACHMENTS: files.attachments,
    }),
    interactive: true,
    memoryBytes: spec.memory,
    cookie: runId,
    logFile,
    graceMs,
    redactor: redactorOf(spec),
  });
  const ended = command.ended.finally(walled.open);
  if (command.pipes === undefined) return { problem: problemOf(spec) };
  return { stream: streamOf(command.pipes, options.onUnknown), ended, stop: () => command.stop() };
}

function noSandbox({ name }: AgentSpec): string {
  return `${name} may only work in a sandbox, and this worker has none. Install bubblewrap, or set \`sandbox: auto\` in the settings.`;
}

/** Takes the secrets of agents out of everything that they say, or leave behind. */
export function redactorOf(...specs: readonly AgentSpec[]): Redactor {
  return createRedactor(
    specs.flatMap((spec) => Object.entries(granted(spec)).map(([name, value]) => ({ name, value }))),
  );
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
