import { has, need, needOpen, needToSend, visibleChannel, visibleMessage } from '../access.ts';
import { messageCreate, messageWithoutNonce } from '../check/message.ts';
import { parseBody } from '../check/parse.ts';
import type { Discord } from '../discord.ts';
import { type ApiRequest, done, ok, param, type Route } from '../http/route.ts';
import { rates } from '../limits.ts';
import { change, post, remove } from '../posting.ts';
import { invalid, refusals } from '../refusal.ts';
import { type Channel, isThread } from '../state/channel.ts';
import type { Message } from '../state/message.ts';
import { joinThread } from '../threads.ts';
import { messageJson } from '../wire.ts';

const messages = '/channels/{channel_id}/messages';
const message = `${messages}/{message_id}`;

export const messageRoutes: readonly Route[] = [
  { method: 'GET', path: messages, auth: 'bot', rate: rates.ordinary, answer: list },
  { method: 'POST', path: messages, auth: 'bot', rate: rates.messages, answer: create },
  { method: 'GET', path: message, auth: 'bot', rate: rates.ordinary, answer: get },
  { method: 'PATCH', path: message, auth: 'bot', rate: rates.messages, answer: edit },
  { method: 'DELETE', path: message, auth: 'bot', rate: rates.messages, answer: erase },
];

function create(request: ApiRequest, discord: Discord) {
  const channel = visibleChannel(discord, param(request, 'channel_id'));
  needToSend(discord, channel);
  if (request.files.length > 0) need(discord, channel, 'attachFiles');
  const {
    nonce,
    enforce_nonce: enforced,
    message_reference: reference,
    ...body
  } = parseBody(messageCreate, request.body);
  const { world } = discord;
  const first = nonce == null || enforced !== true ? undefined : sameNonce(discord, channel, nonce);
  if (first !== undefined) return ok(messageJson(world, discord.cdn, first));
  const replyTo = reference == null ? undefined : replied(discord, channel, reference);
  const made = post(discord, {
    channel,
    author: world.bot,
    body,
    uploads: request.files,
    ...(nonce != null && { nonce }),
    ...(replyTo !== undefined && { replyTo }),
  });
  // Whoever writes in a thread joins it.
  if (isThread(channel)) joinThread(discord, channel, world.bot.id);
  return ok(messageJson(world, discord.cdn, made));
}

/** "Uniqueness is checked in the past few minutes; the first message is returned" (docs, Create Message). */
function sameNonce({ world, clock, settings }: Discord, channel: Channel, nonce: string | number): Message | undefined {
  const since = clock.now() - settings.nonceWindow;
  return [...world.messages.values()].find(
    (one) => one.channelId === channel.id && one.author === world.bot && one.nonce === nonce && one.createdAt >= since,
  );
}

function replied(
  discord: Discord,
  channel: Channel,
  { message_id: id, fail_if_not_exists: strict }: { message_id: string; fail_if_not_exists?: boolean | null },
): Message | undefined {
  if (!has(discord, channel, 'readMessageHistory')) throw refusals.replyUnreadable();
  const original = discord.world.messages.get(id);
  if (original?.channelId === channel.id) return original;
  if (strict === false) return undefined;
  throw invalid(['message_reference'], 'REPLIES_UNKNOWN_MESSAGE', 'Unknown message');
}

function edit(request: ApiRequest, discord: Discord) {
  const channel = visibleChannel(discord, param(request, 'channel_id'));
  const target = visibleMessage(discord, channel, param(request, 'message_id'));
  if (target.author !== discord.world.bot) throw refusals.editsOthers();
  needOpen(channel);
  const body = parseBody(messageWithoutNonce, request.body);
  countOldEdit(discord, target);
  return ok(messageJson(discord.world, discord.cdn, change(discord, target, body, request.files)));
}

const hour = 60 * 60_000;

/** Edits of a message older than an hour have a limit of their own (30046; its figure is not published). */
function countOldEdit({ clock, settings }: Discord, { createdAt, oldEdits }: Message): void {
  const now = clock.now();
  if (now - createdAt < hour) return;
  if (oldEdits.filter((at) => at > now - hour).length >= settings.oldEdits) throw refusals.tooManyOldEdits();
  oldEdits.push(now);
}

function erase(request: ApiRequest, discord: Discord) {
  const channel = visibleChannel(discord, param(request, 'channel_id'));
  const target = visibleMessage(discord, channel, param(request, 'message_id'));
  if (target.author !== discord.world.bot) need(discord, channel, 'manageMessages');
  needOpen(channel);
  remove(discord, target);
  return done;
}

function get(request: ApiRequest, discord: Discord) {
  const channel = visibleChannel(discord, param(request, 'channel_id'));
  if (!has(discord, channel, 'readMessageHistory')) throw refusals.missingAccess();
  return ok(readable(discord, channel, visibleMessage(discord, channel, param(request, 'message_id'))));
}

/** Newest first; `after` begins at the oldest of what follows, still newest first (docs, Get Channel Messages). */
function list(request: ApiRequest, discord: Discord) {
  const channel = visibleChannel(discord, param(request, 'channel_id'));
  if (channel.kind === 'forum') throw refusals.noText();
  const limit = Number(request.query.get('limit') ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw invalid(['limit'], 'NUMBER_TYPE_MAX', 'int value should be between 1 and 100.');
  }
  if (!has(discord, channel, 'readMessageHistory')) return ok([]);
  const all = [...discord.world.messages.values()].filter(
    (one) => one.channelId === channel.id && one.onlyFor === undefined,
  );
  all.sort((left, right) => (BigInt(left.id) < BigInt(right.id) ? -1 : 1));
  const { after, before, around } = Object.fromEntries(request.query);
  const half = Math.floor(limit / 2);
  const page =
    after !== undefined
      ? all.filter(({ id }) => BigInt(id) > BigInt(after)).slice(0, limit)
      : around !== undefined
        ? nearest(all, around, half)
        : all.filter(({ id }) => before === undefined || BigInt(id) < BigInt(before)).slice(-limit);
  return ok(page.toReversed().map((one) => readable(discord, channel, one)));
}

function nearest(all: readonly Message[], around: string, half: number): readonly Message[] {
  const index = all.findIndex(({ id }) => BigInt(id) >= BigInt(around));
  return all.slice(Math.max(0, index - half), index + half + 1);
}

/** A message as REST gives it: MESSAGE_CONTENT decides here too (docs, Gateway: Message Content Intent). */
function readable(discord: Discord, channel: Channel, one: Message) {
  const { world, settings } = discord;
  const json = messageJson(world, discord.cdn, one);
  const open =
    settings.privilegedIntents.includes('messageContent') ||
    channel.guildId === undefined ||
    one.author === world.bot ||
    one.pings.users.includes(world.bot.id);
  const kept = one.forwards === undefined ? {} : { message_snapshots: [] };
  return open ? json : { ...json, content: '', embeds: [], attachments: [], components: [], ...kept };
}
