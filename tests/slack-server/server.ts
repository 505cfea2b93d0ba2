import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { agentMethods } from './api/agents.ts';
import { channelListMethods } from './api/channel-lists.ts';
import { chatMethods } from './api/chat.ts';
import { connectionMethods } from './api/connections.ts';
import { conversationMethods } from './api/conversations.ts';
import { fileMethods } from './api/files.ts';
import { createOAuth } from './api/oauth.ts';
import { peopleMethods } from './api/people.ts';
import { reactionMethods } from './api/reactions.ts';
import { viewMethods } from './api/views.ts';
import { type CallLog, createCallLog } from './calls.ts';
import { type Clock, realClock } from './clock.ts';
import { slackPatience, type Transport } from './delivery/attempt.ts';
import { createDelivery, type EventRecord, slackRetries } from './delivery/delivery.ts';
import { createEventFaults, type EventFaults } from './delivery/event-faults.ts';
import { createHttpTransport, signature } from './delivery/http.ts';
import { createSockets, type SocketFaults } from './delivery/sockets.ts';
import { createDriver, type Driver } from './driver/driver.ts';
import { createHttpFaults, type HttpFaults } from './faults.ts';
import { createRoutes } from './http/routes.ts';
import { createLimits, noLimits } from './limits.ts';
import { createResponseUrls } from './response-urls.ts';
import { type AppSettings, defaultSettings } from './settings.ts';
import type { Slack } from './slack.ts';
import { createChanges } from './state/changes.ts';
import { createTokens } from './state/tokens.ts';
import { createWorkspace, type Workspace } from './state/workspace.ts';
import { createTriggers } from './triggers.ts';

export interface SlackServerOptions {
  readonly app?: Partial<AppSettings>;
  readonly clock?: Clock;
  /** `slack` (the default) counts calls as Slack does, `none` lets all through. */
  readonly limits?: 'slack' | 'none';
  /** How long the app has to acknowledge, in milliseconds: Slack's 3,000 unless a test is in a hurry. */
  readonly patience?: number;
  /** When an event that was not acknowledged is sent again, in milliseconds after each failure; Slack's own by default. */
  readonly retries?: readonly number[];
}

/** A Slack on loopback, for the real Bolt client. */
export interface SlackServer {
  /** `clientOptions.slackApiUrl` of Bolt. */
  readonly url: string;
  /** `installerOptions.authorizationUrl` of Bolt. */
  readonly authorizationUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly settings: AppSettings;
  /** The people of the first workspace. */
  readonly driver: Driver;
  /** Every request that the app made. */
  readonly calls: CallLog;
  /** Every event that was due to the app, and what became of it. */
  readonly events: readonly EventRecord[];
  readonly faults: {
    readonly http: HttpFaults;
    readonly events: EventFaults;
    readonly sockets: SocketFaults;
  };
  /** From now on events, interactions and commands go to this address, signed, instead of the sockets. */
  deliverTo(requestUrl: string): void;
  /** A further workspace; the app has to be installed there by OAuth. */
  addWorkspace(): Driver;
  /** Checks that the app answers Slack's `url_verification` at this address, as saving it in the app's settings does. */
  verify(requestUrl: string): Promise<boolean>;
  /** Ends all connections, waits included. */
  stop(): Promise<void>;
}

export async function startSlackServer(options: SlackServerOptions = {}): Promise<SlackServer> {
  const clock = options.clock ?? realClock;
  const settings = { ...defaultSettings, ...options.app };
  const patience = options.patience ?? slackPatience;
  const changes = createChanges();
  const sockets = createSockets(clock, changes, settings.appId, patience);
  const eventFaults = createEventFaults();
  let transport: Transport = sockets;
  const http = createServer();
  let port = 0;
  const tokens = createTokens(clock, settings);
  const slack: Slack = {
    clock,
    settings,
    changes,
    workspaces: new Map(),
    tokens,
    limits: options.limits === 'none' ? noLimits : createLimits(clock),
    faults: createHttpFaults(),
    calls: createCallLog(),
    delivery: createDelivery({
      clock,
      changes,
      settings,
      tokens,
      faults: eventFaults,
      retries: options.retries ?? slackRetries,
      transport: () => transport,
    }),
    triggers: createTriggers(clock),
    responseUrls: createResponseUrls(clock),
    origin: () => `http://127.0.0.1:${port}`,
  };
  const addWorkspace = (): Workspace => {
    const workspace = createWorkspace(clock, changes, slack.workspaces.size + 1);
    slack.workspaces.set(workspace.id, workspace);
    return workspace;
  };
  const first = addWorkspace();
  const oauth = createOAuth();
  const methods = [
    ...connectionMethods(sockets),
    ...chatMethods,
    ...conversationMethods,
    ...channelListMethods,
    ...peopleMethods,
    ...reactionMethods,
    ...viewMethods,
    ...fileMethods,
    ...agentMethods,
    ...oauth.methods,
  ];
  const routes = createRoutes(slack, new Map(methods.map((method) => [method.name, method])), oauth);
  http.on('request', (request, response) => void routes(request, response));
  http.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  port = await listen(http);
  return {
    url: `${slack.origin()}/api/`,
    authorizationUrl: `${slack.origin()}/oauth/v2/authorize`,
    botToken: tokens.grant(first.id).token.value,
    appToken: tokens.app,
    signingSecret: settings.signingSecret,
    settings,
    driver: createDriver(slack, first),
    calls: slack.calls,
    events: slack.delivery.events,
    faults: { http: slack.faults, events: eventFaults, sockets },
    deliverTo(requestUrl) {
      const urls = { events: requestUrl, interactivity: requestUrl, commands: requestUrl };
      transport = createHttpTransport({ clock, signingSecret: settings.signingSecret, urls, patience });
    },
    addWorkspace: () => createDriver(slack, addWorkspace()),
    async verify(requestUrl) {
      const challenge = randomUUID();
      const body = JSON.stringify({ token: settings.verificationToken, challenge, type: 'url_verification' });
      const headers = {
        'content-type': 'application/json',
        ...signature(settings.signingSecret, body, Math.floor(clock.now() / 1000)),
      };
      const response = await fetch(requestUrl, { method: 'POST', headers, body });
      return response.ok && (await response.text()).includes(challenge);
    },
    async stop() {
      changes.stop();
      slack.delivery.stop();
      sockets.stop();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** The port, which is known also when what was asked before the end is done after it. */
function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
