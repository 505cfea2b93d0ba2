import { createHash } from 'node:crypto';
import type { Arrival } from '#core/chat/adapter.ts';
import { type Callback, type SlackMessage, type StoredEvent, storedEventShape } from './envelopes.ts';

/** A message of somebody, as far as it must be known before Slack is answered. */
type Said = Pick<SlackMessage, 'channel' | 'ts' | 'user' | 'text' | 'thread_ts' | 'channel_type' | 'client_msg_id'> & {
  readonly edited?: { readonly ts?: string };
};

/**
 * What is kept of an event before Slack is answered; `undefined` when it concerns nobody here: what people say to each other, and
 * what the bot did itself but for coming into a channel. Asks nothing and nobody: what the event means is worked out afterwards.
 * @param botUser the bot's own user in that workspace
 */
export function arrivalOf(callback: Callback, botUser: string): Arrival | undefined {
  const event = storedEventShape.safeParse(callback.event);
  if (!event.success || isOwn(event.data, botUser) || isTalk(event.data, botUser)) return undefined;
  const { channel, item } = event.data;
  const team = callback.team_id;
  return {
    key: messageKey(team, event.data) ?? `event:${callback.event_id ?? digest(callback)}`,
    ...changedBy(team, event.data),
    lane: `${team}/${channel ?? item?.channel ?? ''}`,
    body: callback,
  };
}

/** An edit or a deletion is understood after the message that it is about. */
function changedBy(team: string, event: StoredEvent): Pick<Arrival, 'after'> {
  const { subtype, channel, message, previous_message, deleted_ts } = event;
  const ts = message?.ts ?? previous_message?.ts ?? deleted_ts;
  if (!changes.has(subtype) || ts === undefined) return {};
  // As it was first said: with the id that its author's client gave it, and without the time of an edit.
  const { user, client_msg_id } = previous_message ?? message ?? {};
  return { after: saidKey(team, { channel, user, client_msg_id, ts }) };
}

/** `app_mention` and `message` of the same words have one key; `undefined` for what is no message. */
function messageKey(team: string, event: StoredEvent): string | undefined {
  const { type, subtype, channel, ts } = event;
  const isMessage = type === 'app_mention' || type === 'message';
  if (!isMessage || channel === undefined || ts === undefined || changes.has(subtype)) return undefined;
  return saidKey(team, { ...event, channel, ts });
}

/**
 * Slack has sent one message again with another time stamp: the id that its author's client gave it is the same. A mention that
 * was added by an edit is something new.
 */
function saidKey(team: string, { channel = '', user = '', ts, client_msg_id, edited }: Said): string {
  const id = client_msg_id === undefined ? ts : `${user}/${client_msg_id}`;
  return `message:${team}/${channel}/${id}${edited?.ts === undefined ? '' : `/${edited.ts}`}`;
}

const changes: ReadonlySet<string | undefined> = new Set(['message_changed', 'message_deleted']);

function isOwn({ type, user, message, previous_message }: StoredEvent, botUser: string): boolean {
  // Of those who come into a channel, only the bot matters.
  if (type === 'member_joined_channel') return user !== botUser;
  return (message?.user ?? previous_message?.user ?? user) === botUser;
}

/** Plain words in a channel that neither name the bot nor stand in a thread. */
function isTalk({ type, subtype, channel = '', channel_type, text = '', thread_ts, ts }: StoredEvent, botUser: string) {
  if (type !== 'message' || changes.has(subtype)) return false;
  const isDirect = channel_type === 'im' || channel.startsWith('D');
  const inThread = thread_ts !== undefined && thread_ts !== ts;
  return !isDirect && !inThread && !text.includes(`<@${botUser}>`);
}

function digest(callback: Callback): string {
  return createHash('sha256').update(JSON.stringify(callback)).digest('base64url');
}
