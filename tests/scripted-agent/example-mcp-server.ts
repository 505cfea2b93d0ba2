import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

// A server with one tool, for the test of `mcp-call`.
const server = new McpServer({ name: 'example', version: '1.0.0' });
server.registerTool('greet', { inputSchema: { name: z.string() } }, ({ name }) => ({
  content: [{ type: 'text', text: `${process.env.GREETING} ${name}` }],
}));
await server.connect(new StdioServerTransport());
