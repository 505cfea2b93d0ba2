import { once } from 'node:events';
import { connect } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { readLines } from './read-lines.ts';
import { type ToolAnswer, toolAnswer, tools } from './tools.ts';

// Commander's own tools for an agent: an MCP server that the agent starts, which only hands calls on to the run of its task.
const [socketPath = ''] = process.argv.slice(2);
const socket = connect(socketPath);
await once(socket, 'connect');
const waiting = new Map<number, (answer: ToolAnswer) => void>();
let last = 0;
/** In characters: more than any command says. */
const longestAnswer = 16 * 1024 * 1024;

readLines(socket, longestAnswer, (line) => {
  const answer = toolAnswer.parse(JSON.parse(line));
  waiting.get(answer.id)?.(answer);
  waiting.delete(answer.id);
});
// The run is over: nobody is there to answer.
socket.on('close', () => process.exit(0));
// So is the agent.
process.stdin.on('end', () => process.exit(0));

function handOn(tool: string, input: unknown, cancelled: AbortSignal): Promise<ToolAnswer> {
  last += 1;
  const id = last;
  say({ id, tool, input });
  cancelled.addEventListener('abort', () => say({ cancel: id }));
  return new Promise((resolve) => waiting.set(id, resolve));
}

function say(message: object): void {
  socket.write(`${JSON.stringify(message)}\n`);
}

const server = new McpServer({ name: 'commander', version: '1' });
for (const { name, description, input } of tools) {
  server.registerTool(name, { description, inputSchema: input }, async (given: unknown, { signal }) => {
    const { text, failed } = await handOn(name, given, signal);
    return { content: [{ type: 'text' as const, text }], isError: failed };
  });
}
await server.connect(new StdioServerTransport());
