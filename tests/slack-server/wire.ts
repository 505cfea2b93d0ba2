import type { SlackFile } from './state/file.ts';
import type { Message } from './state/message.ts';
import type { OpenView } from './state/view.ts';
import { type Channel, homeOf, messageAt, type Person, repliesTo, type Workspace } from './state/workspace.ts';

type Json = Readonly<Record<string, unknown>>;

/** What stays of a deleted message that has replies. */
const tombstone = {
  type: 'message',
  subtype: 'tombstone',
  user: 'USLACKBOT',
  text: 'This message was deleted.',
  hidden: true,
};

/** A message as events, answers and payloads carry it; without its channel, which each of them says in its own place. */
export function messageJson(workspace: Workspace, message: Message, appId: string) {
  const replies = repliesTo(workspace, message.channel, message.ts);
  const authors = [...new Set(replies.map(({ user }) => user))];
  if (message.deleted) return { ...tombstone, ts: message.ts, thread_ts: message.ts, reply_count: replies.length };
  return {
    type: 'message',
    ...(message.subtype !== undefined && { subtype: message.subtype }),
    user: message.user,
    ...(message.from === 'app' && appFields(workspace, appId)),
    // Another app's message carries that app's bot.
    ...(message.from === 'person' &&
      workspace.people.get(message.user)?.kind === 'bot' && { bot_id: `B${message.user.slice(1)}` }),
    ...(message.clientMessageId !== undefined && { client_msg_id: message.clientMessageId }),
    team: workspace.id,
    text: message.text,
    ts: message.ts,
    ...(message.threadTs !== undefined && { thread_ts: message.threadTs }),
    ...(message.threadTs !== undefined &&
      message.threadTs !== message.ts && { parent_user_id: parentUser(workspace, message) }),
    ...(replies.length > 0 && {
      thread_ts: message.ts,
      reply_count: replies.length,
      reply_users_count: authors.length,
      latest_reply: replies.at(-1)?.ts,
      reply_users: authors,
      is_locked: false,
      subscribed: false,
    }),
    blocks: [...message.blocks],
    ...(message.files.length > 0 && { files: message.files.map(sharedFileJson) }),
    ...(message.forwards !== undefined && { attachments: [forwardJson(workspace, message.forwards)] }),
    ...(message.edited !== undefined && { edited: message.edited }),
    ...(message.reactions.size > 0 && {
      reactions: [...message.reactions].map(([name, users]) => ({ name, count: users.size, users: [...users] })),
    }),
  };
}

/** A forwarded message below the one that forwards it, in the shape that Slack was seen to send; its types do not know it. */
function forwardJson(workspace: Workspace, message: Message) {
  const author = workspace.people.get(message.user)?.name ?? 'Somebody';
  return {
    is_msg_unfurl: true,
    is_share: true,
    ts: message.ts,
    author_id: message.user,
    author_name: author,
    author_subname: author,
    channel_id: message.channel,
    channel_team: workspace.id,
    text: message.text,
    fallback: `[${message.ts}] ${author}: ${message.text}`,
    from_url: `https://${workspace.domain}.slack.com/archives/${message.channel}/p${message.ts.replace('.', '')}`,
    footer: 'Slack Conversation',
    mrkdwn_in: ['text'],
    message_blocks: [
      { team: workspace.id, channel: message.channel, ts: message.ts, message: { blocks: [...message.blocks] } },
    ],
    ...(message.files.length > 0 && { files: message.files.map(sharedFileJson) }),
  };
}

function appFields(workspace: Workspace, appId: string) {
  const { botId } = workspace.bot;
  const icons = { image_36: '', image_48: '', image_72: '' };
  const profile = {
    id: botId,
    deleted: false,
    name: 'Commander',
    updated: 0,
    app_id: appId,
    icons,
    team_id: workspace.id,
  };
  return { bot_id: botId, app_id: appId, bot_profile: profile };
}

function parentUser(workspace: Workspace, message: Message): string | undefined {
  return messageAt(workspace, message.channel, message.threadTs)?.user;
}

/** A file as messages carry it. Of one from another organisation Slack says nearly nothing before files.info is asked. */
function sharedFileJson(file: SlackFile) {
  if (file.access === 'visible') return fileJson(file);
  return { id: file.id, mode: 'file_access', file_access: file.access, created: file.created, timestamp: 0 };
}

export function fileJson(file: SlackFile) {
  const extension = file.name.includes('.') ? (file.name.split('.').at(-1) ?? '') : '';
  return {
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: extension,
    pretty_type: extension.toUpperCase(),
    user: file.user,
    user_team: file.team,
    media_display_type: 'unknown',
    editable: false,
    size: file.size,
    mode: 'hosted',
    is_external: false,
    external_type: '',
    is_public: true,
    public_url_shared: false,
    display_as_bot: false,
    username: '',
    url_private: file.urlPrivate,
    url_private_download: `${file.urlPrivate}?download=1`,
    permalink: file.permalink,
    permalink_public: file.permalink,
    is_starred: false,
    has_rich_preview: false,
    file_access: 'visible',
    ...(file.altText !== undefined && { alt_txt: file.altText }),
  };
}

export function channelJson(workspace: Workspace, channel: Channel) {
  const person = [...channel.members].find((id) => id !== workspace.bot.userId);
  return {
    id: channel.id,
    ...(channel.kind === 'im' ? { user: person } : { name: channel.name, name_normalized: channel.name }),
    created: 1_700_000_000,
    is_channel: channel.kind === 'public',
    is_group: false,
    is_im: channel.kind === 'im',
    is_mpim: false,
    is_private: channel.kind !== 'public',
    is_archived: channel.archived,
    is_member: channel.members.has(workspace.bot.userId),
    is_general: channel.name === 'general',
    is_shared: channel.origin !== undefined,
    is_org_shared: false,
    is_ext_shared: channel.origin !== undefined,
    context_team_id: workspace.id,
  };
}

export function personJson(workspace: Workspace, person: Person) {
  return {
    id: person.id,
    team_id: homeOf(workspace, person.id),
    name: person.name,
    deleted: false,
    real_name: person.realName,
    tz: 'Europe/Berlin',
    tz_label: 'Central European Time',
    tz_offset: 3600,
    profile: {
      real_name: person.realName,
      real_name_normalized: person.realName,
      display_name: person.name,
      display_name_normalized: person.name,
      team: workspace.id,
    },
    is_admin: person.kind === 'admin' || person.kind === 'stranger',
    // Not of those who are met in a shared channel (docs.slack.dev, user object).
    is_stranger: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: person.kind === 'guest',
    is_ultra_restricted: false,
    is_bot: person.kind === 'bot',
    is_app_user: false,
    updated: 1_700_000_000,
  };
}

export function viewJson(workspace: Workspace, view: OpenView, appId: string, values: Json = {}) {
  return {
    id: view.id,
    team_id: workspace.id,
    type: view.shown.type,
    blocks: [...view.shown.blocks],
    private_metadata: view.shown.private_metadata ?? '',
    callback_id: view.shown.callback_id ?? '',
    state: { values },
    hash: view.hash,
    title: view.shown.title ?? { type: 'plain_text', text: 'View title', emoji: true },
    clear_on_close: view.shown.clear_on_close ?? false,
    notify_on_close: view.shown.notify_on_close ?? false,
    close: view.shown.close ?? null,
    submit: view.shown.submit ?? null,
    previous_view_id: view.previousViewId,
    root_view_id: view.rootViewId,
    app_id: appId,
    external_id: view.shown.external_id ?? '',
    app_installed_team_id: workspace.id,
    bot_id: workspace.bot.botId,
  };
}
