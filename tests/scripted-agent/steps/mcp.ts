import type { McpServer } from '@agentclientprotocol/sdk';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { z } from 'zod';
import type { StepOf } from '../script.ts';
import type { Turn } from '../turn.ts';

const toolResult = z.object({
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })).default([]),
  isError: z.boolean().optional(),
});

/**
 * Calls a tool of an MCP server that came with the session. A connection of its own for each call; a call that a person
 * has to answer may take as long as the turn does.
 * @throws {Error} the session has no server of that name, it cannot be started, or it has no such tool
 */
export async function callTool(
  step: StepOf<'mcp-call'>,
  turn: Turn,
): Promise<{ readonly text: string; readonly isError: boolean }> {
  const server = turn.session.mcpServers.find(({ name }) => name === step.server);
  if (server === undefined) throw new Error(`The session has no MCP server named ${step.server}`);
  const client = new Client({ name: 'stub-agent', version: turn.behaviour.version });
  await client.connect(transportOf(server));
  try {
    // The longest wait a timer knows, about 24 days: Node's setTimeout takes no more than 2^31 - 1 ms.
    const options = { timeout: 2 ** 31 - 1, signal: turn.cancelled };
    const request = { name: step.tool, arguments: step.arguments };
    const { content, isError } = toolResult.parse(await client.callTool(request, undefined, options));
    return { text: content.map(({ type, text }) => text ?? `[${type}]`).join('\n'), isError: isError === true };
  } finally {
    await client.close();
  }
}

function transportOf(server: McpServer): Transport {
  if ('command' in server) {
    const env = Object.fromEntries(server.env.map(({ name, value }) => [name, value]));
    return new StdioClientTransport({ command: server.command, args: server.args, env, stderr: 'inherit' });
  }
  const headers = Object.fromEntries(server.headers.map(({ name, value }) => [name, value]));
  if (server.type === 'http')
    return new StreamableHTTPClientTransport(new URL(server.url), { requestInit: { headers } });
  throw new Error(`The stub agent speaks no MCP over ${server.type}`);
}
