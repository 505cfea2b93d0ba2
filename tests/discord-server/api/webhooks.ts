import { messageWithoutNonce } from '../check/message.ts';
import { parseBody } from '../check/parse.ts';
import type { Discord } from '../discord.ts';
import { type ApiRequest, done, ok, param, type Route } from '../http/route.ts';
import { followUp, tokenTime } from '../interactions.ts';
import { rates } from '../limits.ts';
import { change, remove } from '../posting.ts';
import { refusals } from '../refusal.ts';
import type { Interaction } from '../state/interaction.ts';
import type { Message } from '../state/message.ts';
import { messageJson } from '../wire.ts';

const hook = '/webhooks/{webhook_id}/{webhook_token}';

/** What an interaction's token allows for 15 minutes. */
export const webhookRoutes: readonly Route[] = [
  route('POST', hook, (request, discord) => {
    const interaction = answered(request, discord);
    const body = parseBody(messageWithoutNonce, request.body);
    const message = followUp(discord, interaction, body, request.files);
    return request.query.get('wait') === 'false' ? done : ok(messageJson(discord.world, discord.cdn, message));
  }),
  ...[`${hook}/messages/@original`, `${hook}/messages/{message_id}`].flatMap((path) => [
    route('GET', path, (request, discord) => ok(messageJson(discord.world, discord.cdn, messageOf(request, discord)))),
    route('PATCH', path, (request, discord) => {
      const body = parseBody(messageWithoutNonce, request.body);
      const message = change(discord, messageOf(request, discord), body, request.files);
      return ok(messageJson(discord.world, discord.cdn, message));
    }),
    route('DELETE', path, (request, discord) => {
      remove(discord, messageOf(request, discord));
      return done;
    }),
  ]),
];

function route(method: Route['method'], path: string, answer: Route['answer']): Route {
  return { method, path, auth: 'token', rate: rates.messages, answer };
}

/** @throws Refusal 10015 when nothing was answered yet, 50027 when the token is older than 15 minutes. */
function answered(request: ApiRequest, discord: Discord): Interaction {
  const token = param(request, 'webhook_token');
  const interaction = [...discord.interactions.values()].find((one) => one.token === token);
  const ours = param(request, 'webhook_id') === discord.settings.applicationId;
  if (!ours || interaction?.acknowledgedAt === undefined) throw refusals.unknownWebhook();
  if (discord.clock.now() - interaction.createdAt > tokenTime) throw refusals.expiredToken();
  return interaction;
}

function messageOf(request: ApiRequest, discord: Discord): Message {
  const interaction = answered(request, discord);
  const { message_id: id } = request.params;
  const original = interaction.original;
  const found = id === undefined ? original : [...interaction.followUps, original].find((one) => one?.id === id);
  if (found === undefined || !discord.world.messages.has(found.id)) throw refusals.unknownMessage();
  return found;
}
