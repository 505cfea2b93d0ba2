import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { z } from 'zod';

const stdioServer = z.object({
  name: z.string(),
  command: z.string(),
  args: z.array(z.string()),
  env: z.array(z.object({ name: z.string(), value: z.string() })),
});

const textResult = z.object({ content: z.array(z.object({ type: z.string(), text: z.string().optional() })) });

/** Calls a tool of one of the session's MCP servers, as a real agent does; gives the text of the result, or that it was taken back. */
export async function callTool(
  servers: readonly unknown[],
  call: { readonly server: string; readonly tool: string; readonly arguments: Record<string, unknown> },
  givenUp: AbortSignal,
): Promise<string> {
  const server = servers.map((each) => stdioServer.parse(each)).find(({ name }) => name === call.server);
  if (server === undefined) return `there is no MCP server ${call.server}`;
  const client = new Client({ name: 'stub-agent', version: '1.0.0' });
  const env = Object.fromEntries(server.env.map(({ name, value }) => [name, value]));
  await client.connect(new StdioClientTransport({ command: server.command, args: server.args, env }));
  try {
    const called = client.callTool({ name: call.tool, arguments: call.arguments }, undefined, { signal: givenUp });
    const result = textResult.parse(await called);
    return result.content.map(({ text }) => text ?? '').join('\n');
  } catch (error) {
    if (givenUp.aborted) return 'taken back';
    throw error;
  } finally {
    await client.close();
  }
}
