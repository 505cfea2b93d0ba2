import { randomBytes } from 'node:crypto';
import type { Upload } from './calls.ts';
import type { MessageBody } from './check/message.ts';
import type { Discord } from './discord.ts';
import { change, post } from './posting.ts';
import { refusals } from './refusal.ts';
import { type Interaction, interactionType } from './state/interaction.ts';
import { flag, type Message, messageType } from './state/message.ts';
import { permissionsIn, type User } from './state/world.ts';
import { bareMemberJson, channelJson, messageJson, userJson } from './wire.ts';

type Json = Readonly<Record<string, unknown>>;

/** Milliseconds for the first answer, and for all that follows (docs, Receiving and Responding: Followup Messages). */
export const answerTime = 3000;
export const tokenTime = 15 * 60_000;

interface Asked {
  readonly type: Interaction['type'];
  readonly user: User;
  readonly channelId: string;
  readonly data: Json;
  readonly message?: Message;
}

/** Somebody does something that the bot has to answer; it is told by INTERACTION_CREATE. */
export function begin(discord: Discord, asked: Asked): Interaction {
  const interaction: Interaction = {
    ...asked,
    id: discord.world.newId(),
    token: randomBytes(60).toString('base64url'),
    createdAt: discord.clock.now(),
    followUps: [],
  };
  discord.interactions.set(interaction.id, interaction);
  discord.gateway.dispatch('INTERACTION_CREATE', interactionJson(discord, interaction));
  return interaction;
}

function interactionJson(discord: Discord, { id, token, type, user, channelId, data, message }: Interaction): Json {
  const { world, settings } = discord;
  const channel = world.channels.get(channelId);
  if (channel === undefined) throw new Error(`The stand-in has no channel ${channelId}`);
  const member = world.guild.members.get(user.id);
  const guild = channel.guildId;
  return {
    id,
    application_id: settings.applicationId,
    type,
    data,
    token,
    version: 1,
    channel_id: channelId,
    channel: { ...channelJson(world, channel), permissions: String(permissionsIn(world, channel, user.id)) },
    app_permissions: String(permissionsIn(world, channel, world.bot.id)),
    locale: 'en-US',
    entitlements: [],
    authorizing_integration_owners: { '0': guild ?? '0' },
    context: guild === undefined ? 1 : 0,
    attachment_size_limit: settings.attachmentSizeLimit,
    ...(guild === undefined
      ? { user: userJson(user) }
      : {
          guild_id: guild,
          guild_locale: 'en-US',
          guild: { id: guild, locale: 'en-US', features: [] },
          member: {
            ...(member === undefined ? {} : bareMemberJson(member)),
            user: userJson(user),
            permissions: String(permissionsIn(world, channel, user.id)),
          },
        }),
    ...(message !== undefined && { message: messageJson(world, discord.cdn, message) }),
  };
}

/** The message that answers an interaction, or the place where it will stand. */
export function answerWith(
  discord: Discord,
  interaction: Interaction,
  body: MessageBody,
  uploads: readonly Upload[],
  state?: 'loading',
): Message {
  const message = respond(discord, interaction, body, uploads, state);
  interaction.original = message;
  return message;
}

/** A further message. The first one after "is thinking" takes that place (docs, Followup Messages). */
export function followUp(
  discord: Discord,
  interaction: Interaction,
  body: MessageBody,
  uploads: readonly Upload[],
): Message {
  const { original } = interaction;
  if (interaction.shown?.kind === 'deferred' && original !== undefined && (original.flags & flag.loading) !== 0) {
    const { flags, ...rest } = body;
    const kept = flags == null ? {} : { flags: flags & ~flag.ephemeral };
    return change(discord, original, { ...rest, ...kept }, uploads);
  }
  const message = respond(discord, interaction, body, uploads);
  interaction.followUps.push(message);
  return message;
}

function respond(
  discord: Discord,
  interaction: Interaction,
  body: MessageBody,
  uploads: readonly Upload[],
  state?: 'loading',
): Message {
  const channel = discord.world.channels.get(interaction.channelId);
  if (channel === undefined) throw refusals.unknownChannel();
  const ephemeral = ((body.flags ?? 0) & flag.ephemeral) !== 0;
  return post(discord, {
    channel,
    author: discord.world.bot,
    body,
    uploads,
    type: interaction.type === interactionType.command ? messageType.commandReply : messageType.reply,
    webhookId: discord.settings.applicationId,
    interaction: metadata(interaction, discord.world.guild.id),
    ...(ephemeral && { onlyFor: interaction.user.id }),
    ...(state !== undefined && { state }),
  });
}

/** What a message says of the interaction that it answers. */
function metadata({ id, type, user, message }: Interaction, guildId: string): Json {
  const shared = { id, type, user: userJson(user), authorizing_integration_owners: { '0': guildId } };
  if (type === interactionType.component) return { ...shared, interacted_message_id: message?.id };
  if (type !== interactionType.modal) return shared;
  const triggering = message?.interaction ?? { ...shared, type: interactionType.command };
  return { ...shared, triggering_interaction_metadata: triggering };
}
