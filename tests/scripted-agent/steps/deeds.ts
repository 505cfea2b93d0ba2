import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ToolCallContent, ToolKind } from '@agentclientprotocol/sdk';
import type { OptionKind, StepOf, ToolDescription } from '../script.ts';
import type { Ending, Turn } from '../turn.ts';
import { askPermission } from './asking.ts';
import { callTool } from './mcp.ts';
import { runByClient, runProcess } from './running.ts';
import { pathIn, say, toolCallOf } from './speech.ts';

/** What a deed came to: shown in the tool call's last update. */
interface Done {
  readonly status: 'completed' | 'failed';
  readonly content?: ToolCallContent[];
  readonly rawOutput?: unknown;
}

/**
 * Shows a tool call, asks when the script says so, does it, shows the end. A rejected call fails and the turn goes on;
 * an error of the deed fails the call too, as an agent's tools do.
 */
async function deed(
  turn: Turn,
  tool: ToolDescription & { readonly title: string; readonly kind: ToolKind },
  asks: readonly OptionKind[] | undefined,
  work: () => Promise<Done>,
): Promise<Ending> {
  const { id: toolCallId, title, kind } = tool;
  const { content, locations, rawInput } = toolCallOf(tool, turn.session);
  const shown = { content: content ?? undefined, locations: locations ?? undefined, rawInput };
  await turn.update({ sessionUpdate: 'tool_call', toolCallId, title, kind, status: 'pending', ...shown });
  const permission = asks === undefined ? 'allowed' : await askPermission(turn, tool, asks);
  if (permission === 'allowed' && !turn.cancelled.aborted) {
    await turn.update({ sessionUpdate: 'tool_call_update', toolCallId, status: 'in_progress' });
    const done = await work().catch((error: unknown) => failed(String(error)));
    await turn.update({ sessionUpdate: 'tool_call_update', toolCallId, ...done });
  } else {
    await turn.update({ sessionUpdate: 'tool_call_update', toolCallId, ...failed(`permission: ${permission}`) });
  }
  return undefined;
}

const text = (words: string): ToolCallContent => ({ type: 'content', content: { type: 'text', text: words } });
const failed = (why: string): Done => ({ status: 'failed', content: [text(why)] });

function write({ path, content, by, asks }: StepOf<'write'>, turn: Turn): Promise<Ending> {
  const file = pathIn(turn.session, path);
  const oldText = existsSync(file) ? readFileSync(file, 'utf8') : null;
  const diff = { type: 'diff' as const, path, oldText, newText: content };
  const rawInput = { path: file, content };
  const id = turn.nextId('write');
  const tool = { id, title: `Write ${path}`, kind: 'edit' as const, content: [diff], locations: [{ path }], rawInput };
  return deed(turn, tool, asks, async () => {
    if (by === 'client') {
      await turn.client.request('fs/write_text_file', { sessionId: turn.session.id, path: file, content });
    } else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    return { status: 'completed' };
  });
}

function read({ path, by }: StepOf<'read'>, turn: Turn): Promise<Ending> {
  const file = pathIn(turn.session, path);
  const id = turn.nextId('read');
  const tool = { id, title: `Read ${path}`, kind: 'read' as const, locations: [{ path }], rawInput: { path: file } };
  return deed(turn, tool, undefined, async () => {
    const content =
      by === 'client'
        ? (await turn.client.request('fs/read_text_file', { sessionId: turn.session.id, path: file })).content
        : readFileSync(file, 'utf8');
    return { status: 'completed', content: [text(content)] };
  });
}

function run({ command, by, asks }: StepOf<'run'>, turn: Turn): Promise<Ending> {
  const id = turn.nextId('run');
  // Only for people's eyes: the command itself stays a list of arguments.
  const title = command.join(' ');
  const tool = { id, title, kind: 'execute' as const, rawInput: { command, cwd: turn.session.cwd } };
  return deed(turn, tool, asks, async () => {
    const { output, exitCode, signal, terminalId } = await (by === 'client'
      ? runByClient(command, turn, id)
      : runProcess(command, turn));
    return {
      status: exitCode === 0 ? 'completed' : 'failed',
      content: terminalId === undefined ? [text(output)] : [{ type: 'terminal', terminalId }],
      rawOutput: { output, exitCode, signal },
    };
  });
}

async function mcpCall(step: StepOf<'mcp-call'>, turn: Turn): Promise<Ending> {
  const id = turn.nextId('mcp');
  const tool = { id, title: `${step.server}: ${step.tool}`, kind: 'other' as const, rawInput: step.arguments };
  let said = '';
  const ending = await deed(turn, tool, undefined, async () => {
    const result = await callTool(step, turn).catch((error: Error) => ({ text: error.message, isError: true }));
    said = `${step.tool} ${result.isError ? 'failed' : 'answered'}: ${result.text}\n`;
    return { status: result.isError ? 'failed' : 'completed', content: [text(result.text)] };
  });
  return ending ?? (await say(turn, said));
}

/** Steps that really do something in the session's folder. */
export const deeds = { write, read, run, 'mcp-call': mcpCall };
