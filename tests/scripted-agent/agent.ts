import type { AgentCapabilities, ClientCapabilities, InitializeResponse } from '@agentclientprotocol/sdk';
import { type AgentApp, agent, RequestError } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import { createSessions, replay, type Sessions, stateOf } from './lifecycle.ts';
import { answerPrompt } from './prompting.ts';
import { openSessionStore } from './sessions.ts';
import type { Behaviour, Settings } from './settings.ts';
import { configOptionsOf } from './steps/speech.ts';

type Capability = Behaviour['capabilities'][number];

/** The agent's side of the protocol, ready to be connected. */
export function createStubAgent(settings: Settings): AgentApp {
  const { behaviour } = settings;
  const store = openSessionStore(settings.state);
  const sessions = createSessions(behaviour, store);
  let clientCan: ClientCapabilities = {};

  const app = agent({ name: 'stub-agent' });
  app.onRequest('initialize', ({ params }) => {
    clientCan = params.clientCapabilities ?? {};
    return introduction(behaviour);
  });
  const admit = offerAuthentication(app, behaviour);
  offerSessions(app, behaviour, sessions, admit);
  offerChoices(app, behaviour, sessions, (id, update) => store.append(id, update));
  app.onRequest('session/prompt', async ({ params, client, signal }) => {
    const session = sessions.get(params.sessionId);
    return {
      stopReason: await answerPrompt({ session, blocks: params.prompt, client, clientCan, signal }, settings, store),
    };
  });
  app.onNotification('session/cancel', ({ params }) => {
    for (const turn of sessions.get(params.sessionId).turns) turn.cancel();
  });
  return app;
}

function introduction(behaviour: Behaviour): InitializeResponse {
  const can = (capability: Capability) => behaviour.capabilities.includes(capability);
  const session = (['resume', 'close', 'list', 'delete', 'fork'] as const).filter(can);
  const agentCapabilities: AgentCapabilities = {
    loadSession: can('load'),
    promptCapabilities: { image: can('image'), audio: can('audio'), embeddedContext: can('embedded') },
    mcpCapabilities: { http: can('http'), sse: can('sse') },
    // `fork` is not in the stable protocol yet; agents that can do it say so in the same place.
    sessionCapabilities: Object.fromEntries(session.map((name) => [name, {}])),
  };
  return {
    protocolVersion: behaviour.protocolVersion,
    agentCapabilities,
    authMethods: behaviour.authMethods,
    agentInfo: { name: 'stub-agent', title: 'Stub agent', version: behaviour.version },
  };
}

/** @returns a check that throws -32000 until somebody logged in */
function offerAuthentication(app: AgentApp, { authentication, authMethods }: Behaviour): () => void {
  let loggedIn = authentication === 'none';
  app.onRequest('authenticate', ({ params }) => {
    if (!authMethods.some(({ id }) => id === params.methodId))
      throw RequestError.invalidParams(undefined, `No authentication method ${params.methodId}`);
    loggedIn = true;
  });
  return () => {
    if (!loggedIn) throw RequestError.authRequired();
  };
}

const forkRequest = z.object({
  sessionId: z.string(),
  cwd: z.string(),
  mcpServers: z.array(z.custom<never>()).optional(),
});

function offerSessions(app: AgentApp, behaviour: Behaviour, sessions: Sessions, admit: () => void): void {
  const offers = (capability: Capability) => behaviour.capabilities.includes(capability);
  app.onRequest('session/new', ({ params }) => {
    admit();
    const session = sessions.create(params);
    return { sessionId: session.id, ...stateOf(session, behaviour) };
  });
  if (offers('load'))
    app.onRequest('session/load', async ({ params, client }) => {
      admit();
      const { session, stored } = sessions.reopen(params.sessionId, params);
      await replay(stored, client);
      return stateOf(session, behaviour);
    });
  if (offers('resume'))
    app.onRequest('session/resume', ({ params }) => {
      admit();
      return stateOf(sessions.reopen(params.sessionId, params).session, behaviour);
    });
  if (offers('fork'))
    app.onRequest('session/fork', forkRequest, ({ params }) => {
      admit();
      const session = sessions.fork(params.sessionId, params);
      return { sessionId: session.id, ...stateOf(session, behaviour) };
    });
  if (offers('close')) app.onRequest('session/close', ({ params }) => sessions.close(params.sessionId));
  if (offers('delete')) app.onRequest('session/delete', ({ params }) => sessions.remove(params.sessionId));
  if (offers('list')) app.onRequest('session/list', ({ params }) => ({ sessions: sessions.list(params.cwd) }));
}

type Append = ReturnType<typeof openSessionStore>['append'];

function offerChoices(app: AgentApp, behaviour: Behaviour, sessions: Sessions, append: Append): void {
  app.onRequest('session/set_mode', ({ params }) => {
    const session = sessions.get(params.sessionId);
    if (!behaviour.modes.some(({ id }) => id === params.modeId))
      throw RequestError.invalidParams(undefined, `No mode ${params.modeId}`);
    session.mode = params.modeId;
    append(session.id, { sessionUpdate: 'current_mode_update', currentModeId: params.modeId });
  });
  app.onRequest('session/set_config_option', ({ params }) => {
    const session = sessions.get(params.sessionId);
    const option = behaviour.configOptions.find(({ id }) => id === params.configId);
    const value = option?.values.find((candidate) => candidate === params.value);
    if (option === undefined || value === undefined)
      throw RequestError.invalidParams(undefined, `No option ${params.configId} with the value ${params.value}`);
    session.config.set(option.id, value);
    const configOptions = configOptionsOf(behaviour, session);
    append(session.id, { sessionUpdate: 'config_option_update', configOptions });
    return { configOptions };
  });
}
