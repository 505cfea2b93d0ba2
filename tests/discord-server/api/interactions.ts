import { z } from 'zod';
import { messageWithoutNonce } from '../check/message.ts';
import { checkModal, modal } from '../check/modal.ts';
import { parseBody } from '../check/parse.ts';
import type { Discord } from '../discord.ts';
import { type ApiRequest, done, ok, param, type Reply, type Route } from '../http/route.ts';
import { answerTime, answerWith } from '../interactions.ts';
import { rates } from '../limits.ts';
import { change } from '../posting.ts';
import { invalid, refusals } from '../refusal.ts';
import type { Interaction, Shown } from '../state/interaction.ts';
import { flag } from '../state/message.ts';
import { messageJson } from '../wire.ts';

export const interactionRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/interactions/{interaction_id}/{interaction_token}/callback',
    auth: 'token',
    rate: rates.interactions,
    answer: callback,
  },
];

const choice = z.strictObject({
  name: z.string().min(1).max(100),
  name_localizations: z.record(z.string(), z.string()).nullish(),
  value: z.union([z.string().max(100), z.number()]),
});
const deferral = z.strictObject({ flags: z.number().int().nullish() });
const answers = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal(4), data: messageWithoutNonce }),
  z.strictObject({ type: z.literal(5), data: deferral.nullish() }),
  z.strictObject({ type: z.literal(6), data: z.undefined().optional() }),
  z.strictObject({ type: z.literal(7), data: messageWithoutNonce.nullish() }),
  z.strictObject({ type: z.literal(8), data: z.strictObject({ choices: z.array(choice).max(25) }) }),
  z.strictObject({ type: z.literal(9), data: modal }),
]);
type Answer = z.infer<typeof answers>;

/** Which answers fit which interactions (docs, Receiving and Responding: callback type). */
const fitting: Readonly<Record<Interaction['type'], readonly number[]>> = {
  2: [4, 5, 9],
  3: [4, 5, 6, 7, 9],
  4: [8],
  5: [4, 5, 6, 7],
};

function callback(request: ApiRequest, discord: Discord): Reply {
  const interaction = discord.interactions.get(param(request, 'interaction_id'));
  if (interaction === undefined || interaction.token !== param(request, 'interaction_token'))
    throw refusals.unknownInteraction();
  if (interaction.acknowledgedAt !== undefined) throw refusals.acknowledged();
  if (discord.clock.now() - interaction.createdAt > answerTime) throw refusals.unknownInteraction();
  const answer = parseBody(answers, request.body);
  const fits = fitting[interaction.type].includes(answer.type);
  // Only a form that came from a component has a message to change.
  const nothingToChange = (answer.type === 6 || answer.type === 7) && interaction.message === undefined;
  if (!fits || nothingToChange) {
    throw invalid(
      ['type'],
      'INTERACTION_CALLBACK_TYPE_INVALID',
      `Type ${answer.type} does not answer this interaction`,
    );
  }
  const shown = show(discord, interaction, answer, request);
  interaction.acknowledgedAt = discord.clock.now();
  interaction.callback = answer.type;
  interaction.shown = shown;
  discord.changes.notify();
  return request.query.get('with_response') === 'true' ? ok(responseJson(discord, interaction)) : done;
}

function show(discord: Discord, interaction: Interaction, answer: Answer, { files }: ApiRequest): Shown {
  switch (answer.type) {
    case 4:
      return { kind: 'message', message: answerWith(discord, interaction, answer.data, files) };
    case 5: {
      const flags = answer.data?.flags ?? 0;
      if ((flags & ~flag.ephemeral) !== 0) {
        throw invalid(['data', 'flags'], 'MESSAGE_FLAGS_INVALID', 'A deferred answer takes the flag EPHEMERAL only');
      }
      return { kind: 'deferred', message: answerWith(discord, interaction, { flags }, [], 'loading') };
    }
    case 6:
      return { kind: 'deferred_update' };
    case 7: {
      const { message } = interaction;
      if (message === undefined) throw refusals.unknownMessage();
      return { kind: 'update', message: change(discord, message, answer.data ?? {}, files) };
    }
    case 8:
      return { kind: 'choices', choices: answer.data.choices };
    case 9:
      checkModal(answer.data);
      return {
        kind: 'modal',
        modal: {
          interaction,
          customId: answer.data.custom_id,
          title: answer.data.title,
          components: answer.data.components,
        },
      };
  }
}

function responseJson(discord: Discord, { id, type, shown, channelId }: Interaction) {
  const message = shown !== undefined && 'message' in shown ? shown.message : undefined;
  const whole = shown?.kind === 'message' || shown?.kind === 'update' ? message : undefined;
  const guildId = discord.world.channels.get(channelId)?.guildId;
  return {
    interaction: {
      id,
      type,
      channel_id: channelId,
      ...(guildId !== undefined && { guild_id: guildId }),
      ...(message !== undefined && {
        response_message_id: message.id,
        response_message_loading: shown?.kind === 'deferred',
        response_message_ephemeral: message.onlyFor !== undefined,
      }),
    },
    ...(whole !== undefined && {
      resource: {
        type: shown?.kind === 'message' ? 4 : 7,
        message: messageJson(discord.world, discord.cdn, whole),
      },
    }),
  };
}
