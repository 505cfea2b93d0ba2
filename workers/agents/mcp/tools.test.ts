import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandDefinition } from '#core/commands/command-definition.ts';
import { definitions } from '#core/commands/definitions.ts';
import { listenForTools, type ToolSocket } from './listen.ts';
import type { ToolCall } from './tools.ts';

let socket: ToolSocket;
let client: Client;
const calls: ToolCall[] = [];

async function heard(call: ToolCall): Promise<string> {
  calls.push(call);
  return 'Heard.';
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

/** The signal of the next call, which is not answered before it is given up. */
function nextCall(): Promise<AbortSignal> {
  return new Promise((resolve) =>
    socket.answerWith(async (_, givenUp) => {
      resolve(givenUp);
      await aborted(givenUp);
      return 'Given up.';
    }),
  );
}

beforeAll(async () => {
  socket = await listenForTools();
  socket.answerWith(heard);
  client = new Client({ name: 'agent', version: '1' });
  await client.connect(new StdioClientTransport({ command: socket.server.command, args: socket.server.args, env: {} }));
});
afterAll(async () => {
  await client.close();
  await socket.close();
});

describe('the tools of an agent', () => {
  it('are the commands of the table that agents may use, as the table defines them, and a few more', async () => {
    const { tools } = await client.listTools();
    const table: readonly CommandDefinition[] = Object.values(definitions);
    const own = ['report_progress', 'ask_person', 'request_approval', 'publish_output', 'create_task', 'send_message'];
    const commands = table.flatMap((each) => each.forAgents?.tool ?? []);
    expect(tools.map(({ name }) => name).sort()).toEqual([...own, 'inbox', ...commands].sort());
    for (const { summary, options, forAgents } of table) {
      if (forAgents === undefined) continue;
      const tool = tools.find(({ name }) => name === forAgents.tool);
      expect(tool?.description).toBe(`${summary}. ${forAgents.sees}`);
      expect(Object.keys(tool?.inputSchema.properties ?? {})).toEqual(options.map(({ name }) => name));
      expect(tool?.inputSchema.required ?? []).toEqual(
        options.filter(({ required }) => required).map(({ name }) => name),
      );
    }
    expect(tools.find(({ name }) => name === 'status')?.inputSchema.properties?.task).toMatchObject({
      type: 'integer',
      description: definitions.status.options[0].summary,
    });
  });

  it('hand on what fits their input and nothing else', async () => {
    expect(await client.callTool({ name: 'status', arguments: { task: 3 } })).toMatchObject({ isError: false });
    expect(calls).toMatchObject([{ tool: 'command', name: 'status', input: { task: 3 } }]);
    for (const wrong of [{ task: 'x' }, { task: -1 }, { number: 3 }]) {
      expect(await client.callTool({ name: 'status', arguments: wrong })).toMatchObject({ isError: true });
    }
    expect(await client.callTool({ name: 'cancel', arguments: { task: 3 } })).toMatchObject({ isError: true });
    expect(calls).toHaveLength(1);
  });

  it('let know that a call was taken back, or that nobody is there any more who made it', async () => {
    const taken = new AbortController();
    const first = nextCall();
    const call = client.callTool({ name: 'inbox', arguments: {} }, undefined, { signal: taken.signal });
    const givenUp = await first;
    expect(givenUp.aborted).toBe(false);
    taken.abort();
    await expect(call).rejects.toThrow();
    await aborted(givenUp);

    const second = nextCall();
    const other = connect(socket.server.args.at(-1) ?? '');
    other.write('{"id":1,"tool":"inbox","input":{}}\n');
    const left = await second;
    other.destroy();
    await aborted(left);
    socket.answerWith(heard);
  });

  it('take text with any characters in it', async () => {
    const text = 'a\u2028b\u2029c\rd';
    await client.callTool({ name: 'report_progress', arguments: { text } });
    expect(calls.at(-1)).toMatchObject({ input: { text } });
  });
});

describe('who talks to the socket past the tools', () => {
  function talk(text: string): Socket {
    const path = socket.server.args.at(-1) ?? '';
    const other = connect(path);
    other.on('error', () => {});
    other.write(text);
    return other;
  }

  it('is hung up on for what is no call, and before a line without an end fills the memory', async () => {
    await once(talk('{"id":1,"tool":"cancel","input":{}}\n').resume(), 'close');
    await once(talk('x'.repeat(70_000)).resume(), 'close');
  });

  it('gets no more than some calls answered at a time', async () => {
    const held = Promise.withResolvers<string>();
    socket.answerWith(() => held.promise);
    const call = (id: number) => JSON.stringify({ id, tool: 'ask_person', input: { question: 'again?' } });
    const other = talk(`${Array.from({ length: 33 }, (_, id) => call(id)).join('\n')}\n`);
    const [answer] = await once(other, 'data');
    expect(JSON.parse(String(answer))).toMatchObject({ id: 32, failed: true });
    held.resolve('no');
    other.destroy();
  });
});
