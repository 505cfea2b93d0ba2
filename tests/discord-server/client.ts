import { Client, GatewayIntentBits, Partials } from 'discord.js';
import type { DiscordServer } from './server.ts';

/** A plain discord.js client of the stand-in, with the intents that need no switch in the portal. */
export function clientOf(server: DiscordServer, ...more: GatewayIntentBits[]): Client {
  return new Client({
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.GuildMessageReactions,
      GatewayIntentBits.DirectMessages,
      ...more,
    ],
    partials: [Partials.Channel, Partials.Message, Partials.Reaction],
    rest: { api: server.api, cdn: server.cdn, version: '10' },
  });
}

/** Resolves with the client when it is ready. */
export async function connected(server: DiscordServer, ...more: GatewayIntentBits[]): Promise<Client<true>> {
  const client = clientOf(server, ...more);
  const ready = new Promise<Client<true>>((resolve) => client.once('clientReady', resolve));
  await client.login(server.token);
  return ready;
}
