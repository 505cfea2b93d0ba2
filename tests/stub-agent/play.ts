import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type AgentContext,
  RequestError,
  type SessionUpdate,
  type StopReason,
  type ToolCall,
} from '@agentclientprotocol/sdk';
import { callTool } from './call-tool.ts';
import type { Step } from './script.ts';

/** One turn of the scripted agent. */
export interface Turn {
  readonly client: AgentContext;
  readonly sessionId: string;
  readonly prompt: string;
  /** Aborts when the client cancels. */
  readonly signal: AbortSignal;
  readonly mcpServers: readonly unknown[];
  update(update: SessionUpdate): Promise<void>;
}

/** Does the steps one after the other; a cancel ends the turn between two of them. */
export async function play(steps: readonly Step[], turn: Turn): Promise<StopReason> {
  for (const step of steps) {
    if (turn.signal.aborted) return 'cancelled';
    const stop = await doStep(step, turn);
    if (stop !== undefined) return stop;
  }
  return turn.signal.aborted ? 'cancelled' : 'end_turn';
}

async function doStep(step: Step, turn: Turn): Promise<StopReason | undefined> {
  if ('say' in step) await say(turn, step.say);
  else if ('echoPrompt' in step) await say(turn, turn.prompt);
  else if ('tick' in step) await tick(turn, step.tick);
  else if ('stamp' in step) writeFileSync(resolve(step.stamp), String(Date.now()));
  else if ('env' in step) await say(turn, process.env[step.env] ?? 'unset');
  else if ('plan' in step) {
    const entries = step.plan.map((entry) => ({ ...entry, priority: 'medium' as const }));
    await turn.update({ sessionUpdate: 'plan', entries });
  } else if ('tool' in step) await turn.update({ sessionUpdate: 'tool_call', ...callOf(step.tool) });
  else if ('usage' in step) {
    const { used, size, cost } = step.usage;
    await turn.update({
      sessionUpdate: 'usage_update',
      used,
      size,
      ...(cost === undefined ? {} : { cost: { amount: cost, currency: 'USD' } }),
    });
  } else if ('write' in step) await write(turn, step.write);
  else if ('read' in step) {
    const { content } = await turn.client.request('fs/read_text_file', {
      sessionId: turn.sessionId,
      path: resolve(step.read.path),
    });
    await say(turn, content);
  } else if ('run' in step) {
    const [command = '', ...args] = step.run;
    await say(turn, spawnSync(command, args, { encoding: 'utf8' }).stdout);
  } else if ('mcp' in step) await say(turn, await callTool(turn.mcpServers, step.mcp));
  else if ('ask' in step) return ask(turn, step.ask);
  else if ('elicit' in step) await elicit(turn, step.elicit);
  else if ('stop' in step) return step.stop;
  else if ('error' in step) throw new RequestError(step.error.code, step.error.message, step.error.data);
  else if ('waitForCancel' in step) await aborted(turn.signal);
  else return misbehave(step, turn);
  return undefined;
}

async function misbehave(step: Step, turn: Turn): Promise<StopReason | undefined> {
  if ('hang' in step) await new Promise(() => {});
  else if ('flood' in step) {
    const content = { type: 'text' as const, text: 'more ' };
    const update = { sessionUpdate: 'agent_message_chunk' as const, content };
    for (let n = 0; n < step.flood; n += 1) {
      await turn.client.notify('session/update', { sessionId: turn.sessionId, update });
    }
  } else if ('huge' in step) await say(turn, 'x'.repeat(step.huge));
  else if ('garbage' in step) process.stdout.write(`${step.garbage}\n`);
  else if ('unknownUpdate' in step) {
    await turn.client.notify('session/update', {
      sessionId: turn.sessionId,
      update: { sessionUpdate: 'from_the_future', text: 'hello' } as unknown as SessionUpdate,
    });
  } else if ('exit' in step) process.exit(step.exit);
  else if ('stderr' in step) process.stderr.write(`${step.stderr}\n`);
  else if ('daemon' in step) {
    const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    await once(child, 'spawn');
    writeFileSync(step.daemon, String(child.pid));
    child.unref();
  }
  return undefined;
}

function say(turn: Turn, text: string): Promise<void> {
  return turn.update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
}

/** Shows the time of the clock, in milliseconds, again and again. */
async function tick(turn: Turn, { count, everyMs }: { count: number; everyMs: number }): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await turn.update({
      sessionUpdate: 'tool_call',
      toolCallId: `tick-${n}`,
      title: `tick ${Date.now()}`,
      kind: 'other',
    });
    await pause(everyMs);
  }
}

async function write(
  turn: Turn,
  { path, text, via }: { path: string; text: string; via?: 'client' | 'self' | undefined },
): Promise<void> {
  if (via === 'client') {
    await turn.client.request('fs/write_text_file', { sessionId: turn.sessionId, path: resolve(path), content: text });
    return;
  }
  mkdirSync(dirname(resolve(path)), { recursive: true });
  writeFileSync(resolve(path), text);
}

type Call = Extract<Step, { tool: unknown }>['tool'];

function callOf({ id, title, paths, diff, ...rest }: Call): ToolCall {
  return {
    toolCallId: id,
    title: title ?? id,
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    ...(paths === undefined ? {} : { locations: paths.map((path) => ({ path: resolve(path) })) }),
    ...(diff === undefined ? {} : { content: [{ type: 'diff', ...diff, path: resolve(diff.path) }] }),
  };
}

async function ask(turn: Turn, step: Extract<Step, { ask: unknown }>['ask']): Promise<StopReason | undefined> {
  const { allowed = [], rejected = [], ...call } = step;
  const { outcome } = await turn.client.request('session/request_permission', {
    sessionId: turn.sessionId,
    toolCall: callOf(call),
    options: [
      { optionId: 'once', name: 'Allow', kind: 'allow_once' },
      { optionId: 'always', name: 'Always allow', kind: 'allow_always' },
      { optionId: 'no', name: 'Reject', kind: 'reject_once' },
    ],
  });
  if (outcome.outcome === 'cancelled') return 'cancelled';
  const stop = await play(outcome.optionId === 'no' ? rejected : allowed, turn);
  return stop === 'end_turn' ? undefined : stop;
}

async function elicit(
  turn: Turn,
  { message, properties }: { message: string; properties: Record<string, unknown> },
): Promise<void> {
  const answer = await turn.client.request('elicitation/create', {
    sessionId: turn.sessionId,
    mode: 'form',
    message,
    requestedSchema: { type: 'object', properties: properties as Record<string, never> },
  });
  await say(turn, JSON.stringify(answer));
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((done) => signal.addEventListener('abort', () => done(), { once: true }));
}
