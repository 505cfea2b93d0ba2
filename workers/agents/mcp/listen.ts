import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { McpServerStdio } from '@agentclientprotocol/sdk';
import { readLines } from './read-lines.ts';
import { type ToolAnswer, type ToolCall, toolCall } from './tools.ts';

/** Where the tools of one run are listened for. */
export interface ToolSocket {
  /** Folder of the socket: an agent in a sandbox must reach it. */
  readonly folder: string;
  /** The server that the agent is to start. */
  readonly server: McpServerStdio;
  /** Calls are answered by this from now on. */
  answerWith(answer: (call: ToolCall) => Promise<string>): void;
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
  let answer: (call: ToolCall) => Promise<string> = async () => 'The run has not begun.';
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // An agent that goes away in the middle of a call needs no answer.
    socket.on('error', () => socket.destroy());
    readLines(socket, lineLimit, (line) => void reply(socket, line));
  });
  server.maxConnections = mostConnections;
  let waiting = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });

  async function reply(socket: Socket, line: string): Promise<void> {
    const call = read(line);
    if (call === undefined) {
      socket.destroy();
      return;
    }
    if (waiting === mostCalls) {
      say(socket, { id: call.id, text: 'Too many calls at once. Wait for the answers to the others.', failed: true });
      return;
    }
    waiting += 1;
    const said = await answer(call).then(
      (text): ToolAnswer => ({ id: call.id, text, failed: false }),
      (error: unknown): ToolAnswer => ({ id: call.id, text: wordsOf(error), failed: true }),
    );
    waiting -= 1;
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

function read(line: string): ToolCall | undefined {
  try {
    return toolCall.safeParse(JSON.parse(line)).data;
  } catch {
    // No JSON: whoever talks there is not our server, and is hung up on.
    return undefined;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
