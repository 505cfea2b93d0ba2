import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { McpServerStdio } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import { readLines } from './read-lines.ts';
import { cancelledCall, type ToolAnswer, type ToolCall, toolCall } from './tools.ts';

/** Why a call is given up whose caller took it back, or is gone. */
export const callerLeft = 'caller left';

/** Answers a call. The signal aborts with `callerLeft` when nobody waits for that any more. */
type AnswerTool = (call: ToolCall, givenUp: AbortSignal) => Promise<string>;

/** Where the tools of one run are listened for. */
export interface ToolSocket {
  /** Folder of the socket: an agent in a sandbox must reach it. */
  readonly folder: string;
  /** The server that the agent is to start. */
  readonly server: McpServerStdio;
  /** Calls are answered by this from now on. */
  answerWith(answer: AnswerTool): void;
  close(): Promise<void>;
}

/** Longer lines are no calls of ours, in characters. */
const lineLimit = 64 * 1024;
/** An agent starts one server for each of its sessions, and few of those at a time. */
const mostConnections = 16;
/** Calls that wait for their answer at the same time; people are asked one thing after the other anyway. */
const mostCalls = 32;

const program = fileURLToPath(new URL('./main.ts', import.meta.url));

/**
 * Listens for the tool calls of one run on a socket of its own, in a folder that only this user can open: so a call can be
 * about nothing but the task of this run. A socket's path must be short (108 bytes), so it is not in the data directory.
 */
export async function listenForTools(): Promise<ToolSocket> {
  const folder = await mkdtemp(join(tmpdir(), 'commander-tools-'));
  const path = join(folder, 's');
  const sockets = new Set<Socket>();
  let answer: AnswerTool = async () => 'The run has not begun.';
  const server = createServer((socket) => {
    sockets.add(socket);
    const calls: Calls = new Map();
    socket.on('close', () => {
      sockets.delete(socket);
      for (const call of calls.values()) call.abort(callerLeft);
    });
    // An agent that goes away in the middle of a call needs no answer.
    socket.on('error', () => socket.destroy());
    readLines(socket, lineLimit, (line) => void take(socket, calls, line));
  });
  server.maxConnections = mostConnections;
  let waiting = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });

  async function take(socket: Socket, calls: Calls, line: string): Promise<void> {
    const said = read(line);
    if (said === undefined) socket.destroy();
    else if ('cancel' in said) calls.get(said.cancel)?.abort(callerLeft);
    else await reply(socket, calls, said);
  }

  async function reply(socket: Socket, calls: Calls, call: ToolCall): Promise<void> {
    if (waiting === mostCalls) {
      say(socket, { id: call.id, text: 'Too many calls at once. Wait for the answers to the others.', failed: true });
      return;
    }
    waiting += 1;
    const givenUp = new AbortController();
    calls.set(call.id, givenUp);
    const said = await answer(call, givenUp.signal).then(
      (text): ToolAnswer => ({ id: call.id, text, failed: false }),
      (error: unknown): ToolAnswer => ({ id: call.id, text: wordsOf(error), failed: true }),
    );
    waiting -= 1;
    calls.delete(call.id);
    say(socket, said);
  }

  function say(socket: Socket, said: ToolAnswer): void {
    if (!socket.destroyed) socket.write(`${JSON.stringify(said)}\n`);
  }

  return {
    folder,
    server: { name: 'commander', command: process.execPath, args: [program, path], env: [] },
    answerWith(next) {
      answer = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a connection waits for, by the ids of its calls. */
type Calls = Map<number, AbortController>;

function read(line: string): ToolCall | z.infer<typeof cancelledCall> | undefined {
  try {
    return z.union([toolCall, cancelledCall]).safeParse(JSON.parse(line)).data;
  } catch {
    // No JSON: whoever talks there is not our server, and is hung up on.
    return undefined;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
