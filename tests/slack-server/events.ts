import type { MemberJoinedChannelEvent } from '@slack/types';
import type { Slack } from './slack.ts';
import type { Message, Shown } from './state/message.ts';
import type { Channel, Workspace } from './state/workspace.ts';
import { messageJson } from './wire.ts';

/** How Slack names the kinds of channels in events, subscriptions and scopes. */
const kinds = {
  public: { type: 'channel', subscription: 'message.channels', scope: 'channels:history' },
  private: { type: 'group', subscription: 'message.groups', scope: 'groups:history' },
  im: { type: 'im', subscription: 'message.im', scope: 'im:history' },
} as const;

/** The scope that reading a channel's messages takes. */
export function historyScope(channel: Channel): string {
  return kinds[channel.kind].scope;
}

/**
 * Tells the app of a new message: `app_mention` when it is named, and `message` of the same text, two events with two ids.
 * There is no `app_mention` in direct messages. Slack promises no order; here the mention goes first, and
 * `faults.events.reorder(2)` turns it round.
 */
export function announceMessage(slack: Slack, workspace: Workspace, message: Message): void {
  const channel = memberChannel(workspace, message.channel);
  if (channel === undefined) return;
  const place = { channel: message.channel, event_ts: message.ts };
  const json = messageJson(workspace, message, slack.settings.appId);
  const named = message.text.includes(`<@${workspace.bot.userId}>`) && message.from === 'person';
  if (named && channel.kind !== 'im') {
    const { subtype: _subtype, ...rest } = json;
    slack.delivery.event(workspace, { ...rest, ...place, type: 'app_mention' }, 'app_mention', 'app_mentions:read');
  }
  deliver(slack, workspace, channel, { ...json, ...place });
}

/** Tells the app that a message was edited. */
export function announceEdit(slack: Slack, workspace: Workspace, message: Message, before: Shown): void {
  const channel = memberChannel(workspace, message.channel);
  if (channel === undefined) return;
  const ts = workspace.nextTs();
  const json = messageJson(workspace, message, slack.settings.appId);
  deliver(slack, workspace, channel, {
    subtype: 'message_changed',
    hidden: true,
    channel: message.channel,
    ts,
    event_ts: ts,
    message: json,
    previous_message: { ...json, text: before.text, blocks: before.blocks },
  });
}

/** Tells the app that a message was deleted. */
export function announceDeletion(slack: Slack, workspace: Workspace, message: Message): void {
  const channel = memberChannel(workspace, message.channel);
  if (channel === undefined) return;
  const ts = workspace.nextTs();
  deliver(slack, workspace, channel, {
    subtype: 'message_deleted',
    hidden: true,
    channel: message.channel,
    ts,
    event_ts: ts,
    deleted_ts: message.ts,
    previous_message: messageJson(workspace, message, slack.settings.appId),
  });
}

/** Tells the app of a reaction. */
export function announceReaction(
  slack: Slack,
  workspace: Workspace,
  message: Message,
  change: { readonly type: 'reaction_added' | 'reaction_removed'; readonly user: string; readonly reaction: string },
): void {
  if (memberChannel(workspace, message.channel) === undefined) return;
  slack.delivery.event(
    workspace,
    {
      ...change,
      item_user: message.user,
      item: { type: 'message', channel: message.channel, ts: message.ts },
      event_ts: workspace.nextTs(),
    },
    change.type,
    'reactions:read',
  );
}

/** Brings the bot into a channel and tells the app. @throws Error when there is no such channel. */
export function joinChannel(slack: Slack, workspace: Workspace, id: string): void {
  const channel = workspace.channels.get(id);
  if (channel === undefined) throw new Error(`There is no channel ${id}`);
  const user = workspace.bot.userId;
  channel.members.add(user);
  workspace.changes.notify();
  const event: MemberJoinedChannelEvent = {
    type: 'member_joined_channel',
    user,
    channel: id,
    channel_type: channel.kind === 'public' ? 'C' : 'G',
    team: workspace.id,
    event_ts: workspace.nextTs(),
  };
  slack.delivery.event(
    workspace,
    { ...event },
    event.type,
    `${channel.kind === 'public' ? 'channels' : 'groups'}:read`,
  );
}

function deliver(
  slack: Slack,
  workspace: Workspace,
  channel: Channel,
  fields: { readonly event_ts: string; readonly [field: string]: unknown },
): void {
  const { type, subscription, scope } = kinds[channel.kind];
  slack.delivery.event(workspace, { ...fields, type: 'message', channel_type: type }, subscription, scope);
}

/** The channel, if the bot is in it: of others the app hears nothing. */
function memberChannel(workspace: Workspace, id: string): Channel | undefined {
  const channel = workspace.channels.get(id);
  return channel?.members.has(workspace.bot.userId) ? channel : undefined;
}
