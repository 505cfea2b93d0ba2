import { constants } from 'node:os';
import { formatBytes } from '#core/text/bytes.ts';
import { formatDuration } from '#core/text/duration.ts';
import type { CommandEnd, CommandSpec } from './command.ts';
import type { Containment } from './containment.ts';
import { cleaner, type OutputSummary } from './output.ts';

/** Why a command ended. */
type Why =
  | { readonly reason: 'exit' | 'timeout' | 'cancelled' }
  | { readonly reason: 'memory'; readonly heldBytes: number };

/** The end of a command that ran: what its process said, and what we did to it. */
export function endOf(
  spec: CommandSpec,
  {
    how,
    containment,
    durationMs,
  }: {
    readonly how: Why;
    readonly containment: Containment;
    readonly durationMs: number;
  },
  status: { readonly code: number | null; readonly signal: string | null },
  { problem, ...summary }: OutputSummary,
): CommandEnd {
  const message = [messageOf(how, spec), problem].filter((text) => text !== undefined).join(' ');
  return {
    reason: how.reason,
    ...statusOf(status, containment),
    ...(message === '' ? {} : { message }),
    ...summary,
    durationMs,
  };
}

/** The end of a command that could not be started. `problem` says what is wrong and what to do. */
export function endWithoutStart(spec: CommandSpec, problem: string, durationMs: number): CommandEnd {
  const message = cleaner(spec.redactor)(problem);
  const nothing = { outputBytes: 0, droppedLines: 0, logTruncated: false, lastLines: [] };
  return { reason: 'spawn_failed', message, ...nothing, durationMs };
}

/** What to do about the refusal of the system to start a process, by its error code. */
export function spawnProblem(command: string, code: string | undefined, words: string | undefined): string {
  const what = `The command ${command} could not be started: ${words ?? 'the system refused it'}.`;
  switch (code) {
    case 'E2BIG':
      return `${what} Its arguments and environment are too long: pass large inputs in a file.`;
    case 'EAGAIN':
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOMEM':
      return `${what} The machine is out of processes, open files or memory: run fewer tasks at once, or raise its limits.`;
    default:
      return `${what} Try it by hand on the worker, as the worker's user.`;
  }
}

function statusOf(
  { code, signal }: { readonly code: number | null; readonly signal: string | null },
  containment: Containment,
): Pick<CommandEnd, 'exitCode' | 'signal'> {
  if (signal) return { signal };
  if (code === null) return {};
  // The shell that is init of the namespace passes a signal on as 128 + its number, as shells do.
  const name = containment === 'namespace' ? SIGNAL_NAMES.get(code - 128) : undefined;
  return name ? { signal: name } : { exitCode: code };
}

const SIGNAL_NAMES = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

function messageOf(how: Why, spec: CommandSpec): string | undefined {
  if (how.reason === 'cancelled') return 'The command was stopped.';
  if (how.reason === 'memory') {
    const limit = formatBytes(spec.memoryBytes ?? 0);
    return `The command held ${formatBytes(how.heldBytes)} of memory, more than the ${limit} that it may, and was stopped.`;
  }
  if (how.reason !== 'timeout') return undefined;
  const limit = formatDuration(spec.timeoutMs ?? 0);
  return `The command took longer than ${limit} and was stopped. Give the step a longer \`timeout\` if it needs more.`;
}
