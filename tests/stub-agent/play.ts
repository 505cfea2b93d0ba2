import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, watch, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type AgentContext,
  RequestError,
  type RequestPermissionRequest,
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
  /** Writes down what the client answered. */
  log(method: string, params: unknown): void;
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
  } else if ('mcp' in step) await say(turn, await mcp(turn, step.mcp));
  else if ('ask' in step) return ask(turn, step.ask);
  else if ('update' in step) await turn.update(step.update as SessionUpdate);
  else if ('request' in step) await request(turn, step.request);
  else if ('inSession' in step) {
    const { method, params } = step.inSession;
    await request(turn, { method, params: { sessionId: turn.sessionId, ...(params as object) } });
  } else if ('elicit' in step) await elicit(turn, step.elicit);
  else if ('tokens' in step) return undefined;
  else if ('stop' in step) return step.stop;
  else if ('error' in step) throw new RequestError(step.error.code, step.error.message, step.error.data);
  else if ('waitForCancel' in step) await aborted(turn.signal);
  else return misbehave(step, turn);
  return undefined;
}

async function misbehave(step: Step, turn: Turn): Promise<StopReason | undefined> {
  if ('hang' in step) await new Promise(() => {});
  if ('hangUntil' in step) await isThere(step.hangUntil);
  else if ('notify' in step) await turn.client.notify(step.notify.method, step.notify.params);
  else if ('askTwice' in step) await Promise.all(step.askTwice.map((each) => permission(turn, each)));
  else if ('askAndGoOn' in step) await askAndGoOn(turn, step.askAndGoOn);
  else if ('askAndGiveUp' in step) await askAndGiveUp(turn, step.askAndGiveUp);
  else if ('askAndExit' in step) {
    const { after, ...call } = step.askAndExit;
    void permission(turn, call);
    await isThere(after);
    process.kill(process.pid, 'SIGKILL');
  } else if ('flood' in step) {
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

async function isThere(path: string): Promise<void> {
  const changes = watch(dirname(path));
  for (;;) {
    if (existsSync(path)) break;
    await once(changes, 'change');
  }
  changes.close();
}

type Asked = Omit<Extract<Step, { askAndGiveUp: unknown }>['askAndGiveUp'], 'after'>;

const usual = ['allow_once', 'allow_always', 'reject_once'] as const;

async function permission(turn: Turn, { options, ...call }: Asked, signal?: AbortSignal): Promise<string> {
  const params: RequestPermissionRequest = {
    sessionId: turn.sessionId,
    toolCall: callOf(call),
    options: (options ?? usual).map((kind) => ({ optionId: kind, name: kind, kind })),
  };
  const giveUp = signal === undefined ? {} : { cancellationSignal: signal };
  const { outcome } = await turn.client.request('session/request_permission', params, giveUp);
  const answer = outcome.outcome === 'cancelled' ? 'cancelled' : outcome.optionId;
  turn.log('permission', { id: call.id, answer });
  return answer;
}

async function ask(turn: Turn, step: Extract<Step, { ask: unknown }>['ask']): Promise<StopReason | undefined> {
  const { allowed = [], rejected = [], ...call } = step;
  const answer = await permission(turn, call);
  if (answer === 'cancelled') return 'cancelled';
  const stop = await play(answer.startsWith('reject') ? rejected : allowed, turn);
  return stop === 'end_turn' ? undefined : stop;
}

/** Asks, and takes it back. */
async function askAndGiveUp(turn: Turn, { after, ...call }: Asked & { readonly after: string }): Promise<void> {
  const given = new AbortController();
  const answer = permission(turn, call, given.signal);
  await isThere(after);
  given.abort();
  await answer.catch((error: unknown) => turn.log('permission', { id: call.id, error: String(error) }));
}

/** Whatever the client answers is said. */
async function request(turn: Turn, { method, params }: { method: string; params?: unknown }): Promise<void> {
  const answer = await turn.client.request(method, params).then(
    (result: unknown) => ({ result }),
    (error: unknown) => ({ error: error instanceof RequestError ? error.code : String(error) }),
  );
  await say(turn, JSON.stringify(answer));
}

function mcp(turn: Turn, { after, ...call }: Extract<Step, { mcp: unknown }>['mcp']): Promise<string> {
  const given = new AbortController();
  if (after !== undefined) void isThere(after).then(() => given.abort());
  return callTool(turn.mcpServers, call, given.signal);
}

async function elicit(turn: Turn, { after, ...form }: Extract<Step, { elicit: unknown }>['elicit']): Promise<void> {
  const given = new AbortController();
  if (after !== undefined) void isThere(after).then(() => given.abort());
  const answer = await filledIn(turn, form, given.signal);
  await say(turn, JSON.stringify(answer));
}

/** Asks, and does not wait for the answer. */
async function askAndGoOn(
  turn: Turn,
  { after, ...form }: Extract<Step, { askAndGoOn: unknown }>['askAndGoOn'],
): Promise<void> {
  void filledIn(turn, form);
  await isThere(after);
}

async function filledIn(
  turn: Turn,
  { message, properties, required }: Omit<Extract<Step, { elicit: unknown }>['elicit'], 'after'>,
  signal?: AbortSignal,
): Promise<unknown> {
  const params = {
    sessionId: turn.sessionId,
    mode: 'form' as const,
    message,
    requestedSchema: {
      type: 'object' as const,
      properties: properties as Record<string, never>,
      ...(required === undefined ? {} : { required }),
    },
  };
  const giveUp = signal === undefined ? {} : { cancellationSignal: signal };
  const asked = turn.client.request('elicitation/create', params, giveUp);
  const answer = await asked.catch((error: unknown) => ({ error: String(error) }));
  turn.log('elicitation', answer);
  return answer;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((done) => signal.addEventListener('abort', () => done(), { once: true }));
}
