import { setImmediate as turnOver } from 'node:timers/promises';
import type { ClientContext, InitializeResponse, McpServer, NewSessionRequest } from '@agentclientprotocol/sdk';
import { PROTOCOL_VERSION, RequestError } from '@agentclientprotocol/sdk';
import { authRequired } from '#core/agents/session-error.ts';
import type { AgentSpec } from '#core/agents/settings.ts';
import { logInByKey } from './log-in.ts';
import { chooseOptions, type Offered } from './session-options.ts';
import { version } from './version.ts';

/** What a session is opened with. */
export interface SessionRequest {
  readonly spec: AgentSpec;
  readonly folder: string;
  readonly mcpServers: readonly McpServer[];
  /** The session to go on with; absent: a new one. */
  readonly earlier?: string;
  /** Called before an earlier session is replayed, and after it: its updates are old. */
  readonly onReplay: (replaying: boolean) => void;
}

/** An open session, and how it came to be: the agent remembers everything but in a `fresh` one. */
export interface OpenSession {
  readonly id: string;
  readonly how: 'new' | 'resumed' | 'fresh';
  readonly prompts: { readonly image: boolean; readonly audio: boolean; readonly embeddedContext: boolean };
  /** Whether the agent can be told that it is not needed any more. */
  readonly closes: boolean;
  /** Of a session that was taken up: opens a new one in the same process, for when nothing can be said in this one. */
  readonly anew?: () => Promise<OpenSession>;
}

/** The agent speaks a version of the protocol that Commander does not. */
export class WrongProtocol extends Error {
  readonly code = 'wrong_protocol';
}

/** Introduces Commander and opens the session: the earlier one where the agent still has it, else a new one. */
export async function openSession(agent: ClientContext, request: SessionRequest): Promise<OpenSession> {
  const hello = await introduce(agent, request.spec);
  const { promptCapabilities } = hello.agentCapabilities ?? {};
  const prompts = {
    image: promptCapabilities?.image === true,
    audio: promptCapabilities?.audio === true,
    embeddedContext: promptCapabilities?.embeddedContext === true,
  };
  const closes = hello.agentCapabilities?.sessionCapabilities?.close != null;
  const { folder, mcpServers, earlier, spec } = request;
  const withLogin = async <Result>(open: () => Promise<Result>): Promise<Result> => {
    try {
      return await open();
    } catch (error) {
      const wantsLogin = error instanceof RequestError && error.code === authRequired;
      if (wantsLogin && (await logInByKey(agent, spec, hello.authMethods))) return open();
      throw error;
    }
  };
  const takenUp = earlier === undefined ? undefined : await withLogin(() => takeUp(agent, hello, request, earlier));
  const openNew = async (): Promise<OpenSession> => {
    const opened = await withLogin(() => agent.request('session/new', openingOf(spec, { folder, mcpServers })));
    await chooseOptions(agent, { spec, sessionId: opened.sessionId, offered: opened });
    return { id: opened.sessionId, how: earlier === undefined ? 'new' : 'fresh', prompts, closes };
  };
  if (takenUp === undefined || earlier === undefined) return openNew();
  await chooseOptions(agent, { spec, sessionId: earlier, offered: takenUp });
  return { id: earlier, how: 'resumed', prompts, closes, anew: openNew };
}

/** What every session is opened with. */
export function openingOf(
  { sessionMeta }: AgentSpec,
  { folder, mcpServers }: Pick<SessionRequest, 'folder' | 'mcpServers'>,
): NewSessionRequest {
  return { cwd: folder, mcpServers: [...mcpServers], ...(sessionMeta === undefined ? {} : { _meta: sessionMeta }) };
}

async function introduce(agent: ClientContext, { name, reads }: AgentSpec): Promise<InitializeResponse> {
  const hello = await agent.request('initialize', {
    protocolVersion: PROTOCOL_VERSION,
    clientInfo: { name: 'commander', title: 'Commander', version },
    clientCapabilities: {
      fs: { readTextFile: reads !== 'itself', writeTextFile: true },
      // An agent runs its commands itself, where its own rules and ours see them before they run.
      terminal: false,
      session: { notices: {}, compaction: {}, configOptions: { boolean: {} } },
      // A page to open in a browser is nothing that a thread can wait for.
      elicitation: { form: {} },
    },
  });
  if (hello.protocolVersion !== PROTOCOL_VERSION) {
    throw new WrongProtocol(
      `${name} speaks version ${hello.protocolVersion} of the Agent Client Protocol, Commander version ${PROTOCOL_VERSION}. Update the older of the two.`,
    );
  }
  return hello;
}

/**
 * What may be chosen in the session; `undefined` when the agent can't take it up, or no longer knows it. One that can't resume it after
 * all may load it: Qwen Code 0.15 says that it resumes sessions, and does not know the method.
 */
async function takeUp(
  agent: ClientContext,
  { agentCapabilities }: InitializeResponse,
  { folder, mcpServers, onReplay, spec }: SessionRequest,
  sessionId: string,
): Promise<Offered | undefined> {
  const request = { sessionId, ...openingOf(spec, { folder, mcpServers }) };
  const resumed = agentCapabilities?.sessionCapabilities?.resume
    ? await unlessRefused(agent.request('session/resume', request))
    : undefined;
  if (resumed !== undefined || agentCapabilities?.loadSession !== true) return resumed;
  onReplay(true);
  try {
    const loaded = await unlessRefused(agent.request('session/load', request));
    // What was replayed has arrived, and may not have been looked at yet.
    await turnOver();
    return loaded;
  } finally {
    onReplay(false);
  }
}

/** An agent that forgot the session says so in its own way; a new one with a hand-over is as good. */
async function unlessRefused(answer: Promise<Offered>): Promise<Offered | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RequestError && error.code !== authRequired) return undefined;
    throw error;
  }
}
