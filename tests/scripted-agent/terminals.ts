import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ClientApp } from '@agentclientprotocol/sdk';
import { RequestError } from '@agentclientprotocol/sdk';

interface Terminal {
  readonly process: ChildProcess;
  readonly exited: Promise<unknown>;
  output: string;
}

/** The terminal methods of a client, with real processes. */
export function offerTerminals(app: ClientApp): void {
  const terminals = new Map<string, Terminal>();
  const get = (id: string): Terminal => {
    const terminal = terminals.get(id);
    if (terminal === undefined) throw RequestError.resourceNotFound(id);
    return terminal;
  };
  const exitOf = ({ process }: Terminal) => ({ exitCode: process.exitCode, signal: process.signalCode });
  app.onRequest('terminal/create', ({ params }) => {
    const process = spawn(params.command, params.args ?? [], {
      cwd: params.cwd ?? '/',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const terminal: Terminal = { process, exited: once(process, 'close'), output: '' };
    for (const stream of [process.stdout, process.stderr])
      stream.on('data', (piece: Buffer) => {
        terminal.output += piece.toString('utf8');
      });
    const terminalId = `terminal-${terminals.size + 1}`;
    terminals.set(terminalId, terminal);
    return { terminalId };
  });
  app.onRequest('terminal/output', ({ params }) => {
    const terminal = get(params.terminalId);
    return { output: terminal.output, truncated: false, exitStatus: exitOf(terminal) };
  });
  app.onRequest('terminal/wait_for_exit', async ({ params }) => {
    const terminal = get(params.terminalId);
    await terminal.exited;
    return exitOf(terminal);
  });
  app.onRequest('terminal/kill', ({ params }) => {
    get(params.terminalId).process.kill('SIGKILL');
  });
  app.onRequest('terminal/release', ({ params }) => {
    get(params.terminalId).process.kill('SIGKILL');
    terminals.delete(params.terminalId);
  });
}
