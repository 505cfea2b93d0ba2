import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, realClock } from '#tests/slack-server/clock.ts';
import { createChanges } from '#tests/slack-server/state/changes.ts';
import { channelRoutes } from './api/channels.ts';
import { commandRoutes } from './api/commands.ts';
import { interactionRoutes } from './api/interactions.ts';
import { messageRoutes } from './api/messages.ts';
import { placeRoutes } from './api/places.ts';
import { reactionRoutes } from './api/reactions.ts';
import { threadRoutes } from './api/threads.ts';
import { webhookRoutes } from './api/webhooks.ts';
import { type CallLog, createCallLog } from './calls.ts';
import { createCdn } from './cdn.ts';
import type { Contract } from './contract/contract.ts';
import { createContract } from './contract/judge.ts';
import type { CommandTable, Discord } from './discord.ts';
import { createDriver, type Driver } from './driver/driver.ts';
import { createHttpFaults, type HttpFaults } from './faults.ts';
import type { GatewayFaults } from './gateway/faults.ts';
import { createGateway } from './gateway/gateway.ts';
import type { Login } from './gateway/logins.ts';
import { createServe } from './http/serve.ts';
import { createLimits, type Limits, noLimits } from './limits.ts';
import { defaultSettings, type Settings } from './settings.ts';
import { createWorld, type World } from './state/world.ts';

export interface DiscordServerOptions {
  readonly settings?: Partial<Settings>;
  /** Ids are made of its time: let it stand in this century. */
  readonly clock?: Clock;
  /** `discord` (the default) counts requests as Discord does, `none` lets all through. */
  readonly limits?: 'discord' | 'none';
}

/** A Discord on loopback, for the real discord.js. */
export interface DiscordServer {
  /** `rest.api` of discord.js; its `rest.version` is 10. The Gateway's address comes from there. */
  readonly api: string;
  /** `rest.cdn` of discord.js. */
  readonly cdn: string;
  readonly gatewayUrl: string;
  readonly token: string;
  readonly settings: Settings;
  readonly world: World;
  readonly driver: Driver;
  /** Every request that the bot made. */
  readonly calls: CallLog;
  readonly limits: Pick<Limits, 'invalid'>;
  readonly commands: CommandTable;
  /** Every IDENTIFY and RESUME. */
  readonly logins: readonly Login[];
  readonly contract: Contract;
  readonly faults: { readonly http: HttpFaults; readonly gateway: GatewayFaults };
  /**
   * Ends all connections, waits included.
   * @throws Error when an answer of the stand-in did not fit Discord's description: a fault of the stand-in.
   */
  stop(): Promise<void>;
}

const routes = [
  ...placeRoutes,
  ...messageRoutes,
  ...threadRoutes,
  ...channelRoutes,
  ...reactionRoutes,
  ...commandRoutes,
  ...interactionRoutes,
  ...webhookRoutes,
];

export async function startDiscordServer(options: DiscordServerOptions = {}): Promise<DiscordServer> {
  const clock = options.clock ?? realClock;
  const settings = { ...defaultSettings, ...options.settings };
  const http = createServer();
  await listen(http);
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const discord: Discord = {
    clock,
    settings,
    world: createWorld(clock, settings),
    cdn: createCdn(clock, settings.fileLife, () => origin),
    changes: createChanges('Discord'),
    gateway: createGateway(() => discord),
    limits: options.limits === 'none' ? noLimits() : createLimits(clock),
    faults: createHttpFaults(),
    calls: createCallLog(),
    contract: createContract(),
    interactions: new Map(),
    commands: { global: new Map(), guild: new Map(), created: 0 },
    credentials: { token: settings.token },
    origin: () => origin,
  };
  const serve = createServe(discord, routes);
  http.on('request', (request, response) => void serve(request, response));
  http.on('upgrade', (request, socket, head) => discord.gateway.upgrade(request, socket, head));
  return {
    api: `${origin}/api`,
    cdn: `${origin}/cdn`,
    gatewayUrl: origin.replace('http', 'ws'),
    token: settings.token,
    settings,
    world: discord.world,
    driver: createDriver(discord),
    calls: discord.calls,
    limits: discord.limits,
    commands: discord.commands,
    logins: discord.gateway.logins,
    contract: discord.contract,
    faults: { http: discord.faults, gateway: discord.gateway.faults },
    async stop() {
      discord.changes.stop();
      discord.gateway.stop();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      const wrong = discord.contract.violations.filter(({ side }) => side === 'answer');
      if (wrong.length > 0)
        throw new Error(
          `Answers of the Discord stand-in break Discord's description: ${wrong.map(({ route, problem }) => `${route}: ${problem}`).join('; ')}`,
        );
    },
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
}
