import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { aborted, type Turn } from '../turn.ts';

export interface CommandResult {
  readonly output: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The client's terminal that shows the output. */
  readonly terminalId?: string;
}

/** Runs a command in the session's folder as the agent's own child; a cancelled turn ends it with TERM. */
export async function runProcess(command: readonly string[], turn: Turn): Promise<CommandResult> {
  const [file = '', ...args] = command;
  const child = spawn(file, args, { cwd: turn.session.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => {
      output += piece;
    });
  const stop = () => child.kill('SIGTERM');
  turn.cancelled.addEventListener('abort', stop);
  try {
    const [exitCode, signal] = await once(child, 'close');
    return { output, exitCode, signal };
  } finally {
    turn.cancelled.removeEventListener('abort', stop);
  }
}

/** Runs a command in a terminal of the client, shown in the tool call from the start. */
export async function runByClient(command: readonly string[], turn: Turn, toolCallId: string): Promise<CommandResult> {
  const [file = '', ...args] = command;
  const { id: sessionId, cwd } = turn.session;
  await using terminal = await turn.client.createTerminal({ sessionId, command: file, args, cwd });
  const terminalId = terminal.id;
  await turn.update({
    sessionUpdate: 'tool_call_update',
    toolCallId,
    content: [{ type: 'terminal', terminalId }],
  });
  const exited = terminal.waitForExit();
  await Promise.race([exited, aborted(turn.cancelled)]);
  if (turn.cancelled.aborted) await terminal.kill();
  const { exitCode = null, signal = null } = await exited;
  const { output } = await terminal.currentOutput();
  return { output, exitCode, signal, terminalId };
}
