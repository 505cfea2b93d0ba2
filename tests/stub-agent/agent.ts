import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import {
  type AgentContext,
  agent,
  ndJsonStream,
  RequestError,
  type SessionConfigOption,
  type SessionUpdate,
} from '@agentclientprotocol/sdk';
import { z } from 'zod';
import { play, type Turn } from './play.ts';
import { options } from './script.ts';

// A coding agent without a model: it does what its script says. README.md describes it.
const [file = ''] = process.argv.slice(2);
const settings = options.parse(JSON.parse(readFileSync(file, 'utf8')));
mkdirSync(settings.state, { recursive: true });
if (settings.startFails !== undefined) {
  process.stderr.write(settings.startFails);
  process.exit(1);
}

const stored = z.object({
  turns: z.number(),
  updates: z.array(z.unknown()),
  mcpServers: z.array(z.unknown()).default([]),
});
type Session = z.infer<typeof stored>;
const running = new Map<string, AbortController>();
const mine = new Set<string>();

function log(method: string, params: unknown): void {
  appendFileSync(join(settings.state, 'log.jsonl'), `${JSON.stringify({ method, params })}\n`);
}

function placeOf(id: string): string {
  return join(settings.state, `${id.replaceAll(/[^\w-]/g, '')}.json`);
}

function load(id: string): Session {
  if (!existsSync(placeOf(id)) || (settings.forgets && !mine.has(id))) throw RequestError.resourceNotFound(id);
  return stored.parse(JSON.parse(readFileSync(placeOf(id), 'utf8')));
}

function save(id: string, session: Session): void {
  mine.add(id);
  writeFileSync(placeOf(id), JSON.stringify(session));
}

function turnOf(client: AgentContext, sessionId: string, prompt: string, signal: AbortSignal): Turn {
  const session = load(sessionId);
  return {
    client,
    sessionId,
    prompt,
    signal,
    mcpServers: session.mcpServers,
    log,
    async update(update: SessionUpdate) {
      session.updates.push(update);
      save(sessionId, session);
      await client.notify('session/update', { sessionId, update });
    },
  };
}

let loggedIn = false;

/** What can be chosen in a session of its. */
function choices() {
  const { modes, configOptions } = settings;
  const availableModes = modes?.map((id) => ({ id, name: id }));
  return {
    ...(availableModes === undefined ? {} : { modes: { currentModeId: modes?.[0] ?? '', availableModes } }),
    ...(configOptions === undefined ? {} : { configOptions: configOptions as unknown as SessionConfigOption[] }),
  };
}

/** Writes down what it is asked; never comes back from what it is to be silent at, or dies there. */
async function heard(method: string, params: unknown): Promise<void> {
  log(method, params);
  if (settings.diesAt === method) process.kill(process.pid, 'SIGKILL');
  if (settings.silentAt === method) await new Promise(() => {});
}

const app = agent({ name: 'stub' })
  .onRequest('initialize', async ({ params }) => {
    await heard('initialize', params);
    const { image, audio, embeddedContext, resume, close, loginBy } = settings;
    return {
      protocolVersion: settings.protocolVersion,
      agentInfo: { name: 'stub', version: '1.0.0' },
      ...(loginBy === undefined ? {} : { authMethods: [{ id: loginBy, name: 'A key' }] }),
      agentCapabilities: {
        loadSession: settings.load,
        promptCapabilities: { image, audio, embeddedContext },
        sessionCapabilities: { ...(resume ? { resume: {} } : {}), ...(close ? { close: {} } : {}) },
      },
    };
  })
  .onRequest('authenticate', async ({ params }) => {
    await heard('authenticate', params);
    loggedIn = params.methodId === settings.loginBy;
    return {};
  })
  .onRequest('session/new', async ({ params }) => {
    await heard('session/new', params);
    if (settings.authRequired || (settings.loginBy !== undefined && !loggedIn)) throw RequestError.authRequired();
    // Not its pid: in a namespace of its own each process has the same.
    const sessionId = `session-${randomUUID()}`;
    save(sessionId, { turns: 0, updates: [], mcpServers: params.mcpServers });
    return { sessionId, ...choices() };
  })
  .onRequest('session/load', async ({ params, client }) => {
    await heard('session/load', params);
    const session = load(params.sessionId);
    save(params.sessionId, { ...session, mcpServers: params.mcpServers });
    for (const update of session.updates) {
      await client.notify('session/update', { sessionId: params.sessionId, update: update as SessionUpdate });
    }
    return choices();
  })
  .onRequest('session/resume', async ({ params }) => {
    await heard('session/resume', params);
    if (settings.refusesResume) throw RequestError.methodNotFound('session/resume');
    save(params.sessionId, { ...load(params.sessionId), mcpServers: params.mcpServers ?? [] });
    return choices();
  })
  .onRequest('session/close', ({ params }) => {
    log('session/close', params);
    return {};
  })
  .onRequest('session/set_config_option', ({ params }) => {
    log('session/set_config_option', params);
    const set = (option: Record<string, unknown>) =>
      option.id === params.configId ? { ...option, currentValue: params.value } : option;
    settings.configOptions = settings.configOptions?.map(set);
    return { configOptions: choices().configOptions ?? [] };
  })
  .onRequest('session/set_mode', ({ params }) => {
    log('session/set_mode', params);
    return {};
  })
  .onRequest('session/prompt', async ({ params, client }) => {
    await heard('session/prompt', params);
    const { sessionId } = params;
    const cancelled = new AbortController();
    running.set(sessionId, cancelled);
    const session = load(sessionId);
    const prompt = params.prompt.map((block) => (block.type === 'text' ? block.text : `[${block.type}]`)).join('\n');
    const beside = mine.size > 1 && session.turns === 0 ? settings.aside : undefined;
    const steps = beside ?? settings.script[Math.min(session.turns, settings.script.length - 1)] ?? [];
    save(sessionId, { ...session, turns: session.turns + 1 });
    const stopReason = await play(steps, turnOf(client, sessionId, prompt, cancelled.signal));
    const totalTokens = steps.find((step) => 'tokens' in step)?.tokens;
    if (totalTokens === undefined) return { stopReason };
    return { stopReason, usage: { totalTokens, inputTokens: totalTokens, outputTokens: 0 } };
  })
  .onNotification('session/cancel', ({ params }) => {
    log('session/cancel', params);
    running.get(params.sessionId)?.abort();
  });

app.connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>));
