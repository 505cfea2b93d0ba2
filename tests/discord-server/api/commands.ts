import { commandList } from '../check/command.ts';
import { parseBody } from '../check/parse.ts';
import type { Discord } from '../discord.ts';
import { type ApiRequest, done, ok, param, type Route } from '../http/route.ts';
import { rates } from '../limits.ts';
import { refusals } from '../refusal.ts';
import type { Command } from '../state/command.ts';

const global = '/applications/{application_id}/commands';
const guild = '/applications/{application_id}/guilds/{guild_id}/commands';

export const commandRoutes: readonly Route[] = [global, guild].flatMap((path): Route[] => [
  { method: 'GET', path, auth: 'bot', rate: rates.ordinary, answer: list },
  { method: 'PUT', path, auth: 'bot', rate: rates.ordinary, answer: replaceAll },
  { method: 'DELETE', path: `${path}/{command_id}`, auth: 'bot', rate: rates.ordinary, answer: erase },
]);

/** Commands that may be created in a day (docs, Application Commands: 200 a guild). */
const createsADay = 200;

function table(request: ApiRequest, { commands, settings, world }: Discord): Map<string, Command> {
  if (param(request, 'application_id') !== settings.applicationId) throw refusals.missingAccess();
  const { guild_id: guildId } = request.params;
  if (guildId === undefined) return commands.global;
  if (guildId !== world.guild.id) throw refusals.missingAccess();
  return commands.guild;
}

function list(request: ApiRequest, discord: Discord) {
  return ok([...table(request, discord).values()].map((command) => commandJson(discord, command)));
}

/** Replaces all commands of a scope; a name that was there keeps its id and does not count as created. */
function replaceAll(request: ApiRequest, discord: Discord) {
  const commands = table(request, discord);
  const asked = parseBody(commandList, request.body);
  const known = [...commands.values()];
  const next = asked.map((body): Command => {
    const type = body.type ?? 1;
    const before = known.find((one) => one.name === body.name && one.type === type);
    return {
      id: before?.id ?? discord.world.newId(),
      version: discord.world.newId(),
      type,
      name: body.name,
      body,
      ...(request.params.guild_id !== undefined && { guildId: request.params.guild_id }),
    };
  });
  const created = next.filter(({ id }) => !known.some((one) => one.id === id)).length;
  if (discord.commands.created + created > createsADay) throw refusals.tooManyCommandCreates();
  discord.commands.created += created;
  commands.clear();
  for (const command of next) commands.set(command.id, command);
  return list(request, discord);
}

function erase(request: ApiRequest, discord: Discord) {
  if (!table(request, discord).delete(param(request, 'command_id'))) throw refusals.unknownCommand();
  return done;
}

function commandJson({ settings }: Discord, { id, version, type, name, guildId, body }: Command) {
  const { default_member_permissions: needed, integration_types: kinds, contexts, ...rest } = withoutNull(body);
  return {
    description: '',
    nsfw: false,
    ...rest,
    id,
    application_id: settings.applicationId,
    version,
    type,
    name,
    default_member_permissions: needed === undefined ? null : String(needed),
    integration_types: kinds ?? [0],
    contexts: contexts ?? null,
    ...(guildId !== undefined && { guild_id: guildId }),
  };
}

function withoutNull(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const clean = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(clean);
    return typeof inner === 'object' && inner !== null ? withoutNull(inner as Record<string, unknown>) : inner;
  };
  const kept = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return Object.fromEntries(kept.map(([key, field]) => [key, clean(field)]));
}
