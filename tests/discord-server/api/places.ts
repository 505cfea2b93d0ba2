import { z } from 'zod';
import { snowflake } from '../check/components.ts';
import { parseBody } from '../check/parse.ts';
import type { Discord } from '../discord.ts';
import { type ApiRequest, ok, param, type Route } from '../http/route.ts';
import { rates } from '../limits.ts';
import { refusals } from '../refusal.ts';
import { isThread } from '../state/channel.ts';
import { permissionsIn } from '../state/world.ts';
import { channelJson, guildJson, memberJson, roleJson, userJson } from '../wire.ts';

const directChannel = z.strictObject({ recipient_id: snowflake });

/** The Gateway's address, the bot itself, people and the guild. */
export const placeRoutes: readonly Route[] = [
  route('GET', '/gateway/bot', (_, discord) =>
    ok({
      url: discord.origin().replace('http', 'ws'),
      shards: 1,
      session_start_limit: discord.gateway.startLimit(),
    }),
  ),
  route('GET', '/users/@me', (_, { world }) =>
    ok({ ...userJson(world.bot), mfa_enabled: true, locale: 'en-US', verified: true, email: null }),
  ),
  route('GET', '/users/{user_id}', (request, { world }) => {
    const user = world.users.get(param(request, 'user_id'));
    if (user === undefined) throw refusals.unknownUser();
    return ok(userJson(user));
  }),
  route('POST', '/users/@me/channels', (request, { world }) => {
    const { recipient_id: id } = parseBody(directChannel, request.body);
    if (!world.users.has(id)) throw refusals.unknownUser();
    return ok(channelJson(world, world.directChannel(id)));
  }),
  route('GET', '/users/@me/guilds', (_, { world }) => {
    const [text] = world.channels.values();
    return ok([
      {
        id: world.guild.id,
        name: world.guild.name,
        icon: null,
        banner: null,
        owner: false,
        permissions: String(text === undefined ? 0n : permissionsIn(world, text, world.bot.id)),
        features: [],
      },
    ]);
  }),
  route('GET', '/guilds/{guild_id}', (request, discord) => ok(guildJson(guildOf(request, discord)))),
  route('GET', '/guilds/{guild_id}/channels', (request, discord) => {
    const guild = guildOf(request, discord);
    const channels = [...discord.world.channels.values()].filter((one) => one.guildId === guild.id && !isThread(one));
    return ok(channels.map((one) => channelJson(discord.world, one)));
  }),
  route('GET', '/guilds/{guild_id}/roles', (request, discord) =>
    ok([...guildOf(request, discord).roles.values()].map(roleJson)),
  ),
  route('GET', '/guilds/{guild_id}/members/{user_id}', (request, discord) => {
    const member = guildOf(request, discord).members.get(param(request, 'user_id'));
    if (member === undefined) throw refusals.unknownMember();
    return ok(memberJson(member));
  }),
  route('GET', '/applications/@me', (_, discord) => ok(applicationJson(discord))),
];

function route(method: 'GET' | 'POST', path: string, answer: Route['answer']): Route {
  return { method, path, auth: 'bot', rate: rates.ordinary, answer };
}

function guildOf(request: ApiRequest, { world }: Discord) {
  if (param(request, 'guild_id') !== world.guild.id) throw refusals.unknownGuild();
  return world.guild;
}

/** Flags of the application that say which privileged intents are on (docs, Application: flags, the limited variants). */
const limited = { presences: 1 << 13, members: 1 << 15, messageContent: 1 << 19 } as const;

function applicationJson({ settings, world }: Discord) {
  const flags = settings.privilegedIntents.reduce((bits, name) => bits | limited[name], 0);
  const owner = world.users.get(world.guild.ownerId);
  return {
    id: settings.applicationId,
    name: settings.botName,
    icon: null,
    description: '',
    type: null,
    bot: userJson(world.bot),
    bot_public: false,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags,
    flags_new: String(flags),
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    owner: userJson(owner ?? world.bot),
    approximate_guild_count: 1,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    team: null,
    eligible_oauth2_scopes: ['bot', 'applications.commands'],
  };
}
