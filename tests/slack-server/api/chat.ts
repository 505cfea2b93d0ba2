import { z } from 'zod';
import { postingRates, tiers } from '../limits.ts';
import { edit, post, remove } from '../posting.ts';
import type { Message } from '../state/message.ts';
import type { Workspace } from '../state/workspace.ts';
import { messageJson } from '../wire.ts';
import { args, flag, structure, timeStamp } from './arguments.ts';
import { authorship, refuseCustomAuthor } from './authorship.ts';
import { existingMessage, threadRoot, visibleChannel, writableChannel } from './channels.ts';
import { contentArguments, readContent, readMetadata } from './content.ts';
import { type Caller, type Method, method } from './method.ts';
import { RateLimited } from './rate-limited.ts';
import { Refusal } from './refusal.ts';

/** Longer text is cut by chat.postMessage, with a warning (docs.slack.dev). */
const cutAt = 40_000;
/** Longer text is refused by chat.update and chat.postEphemeral (Slack's method reference). */
const longestUpdate = 4000;

const postMessage = method({
  name: 'chat.postMessage',
  scope: 'chat:write',
  rate: postingRates.workspace,
  input: args({
    channel: z.string().min(1),
    ...contentArguments,
    ...authorship,
    as_user: flag.optional(),
    thread_ts: timeStamp.optional(),
    reply_broadcast: flag.optional(),
    unfurl_links: flag.optional(),
    unfurl_media: flag.optional(),
    mrkdwn: flag.optional(),
    metadata: structure.optional(),
  }),
  answer(input, caller) {
    const { workspace, slack } = caller;
    refuseCustomAuthor(input, caller);
    const content = readContent(input);
    const metadata = readMetadata(input.metadata);
    const channel = writableChannel(caller, input.channel);
    if (input.thread_ts !== undefined) threadRoot(workspace, channel.id, input.thread_ts);
    const wait = slack.limits.take(`${workspace.id} channel ${channel.id}`, postingRates.channel);
    if (wait !== undefined) throw new RateLimited(wait);
    const cut = content.text.length > cutAt;
    const message = post(slack, workspace, {
      ...content,
      text: content.text.slice(0, cutAt),
      ...(metadata !== undefined && { metadata }),
      channel: channel.id,
      ...(input.thread_ts !== undefined && { threadTs: input.thread_ts }),
      ...(input.reply_broadcast === true && input.thread_ts !== undefined && { subtype: 'thread_broadcast' }),
      user: workspace.bot.userId,
      from: 'app',
      unfurl: { links: input.unfurl_links ?? false, media: input.unfurl_media ?? true },
    });
    return { ...answerOf(caller, message), ...(cut && { response_metadata: { warnings: ['message_truncated'] } }) };
  },
});

const update = method({
  name: 'chat.update',
  scope: 'chat:write',
  rate: tiers.three,
  input: args({
    channel: z.string().min(1),
    ts: timeStamp,
    ...contentArguments,
    as_user: flag.optional(),
    reply_broadcast: flag.optional(),
    metadata: structure.optional(),
    file_ids: structure.optional(),
  }),
  answer(input, caller) {
    const { workspace, slack } = caller;
    if ((input.text ?? '').length > longestUpdate) throw new Refusal('msg_too_long');
    const content = readContent(input);
    const metadata = readMetadata(input.metadata);
    const channel = visibleChannel(workspace, input.channel);
    if (channel.archived) throw new Refusal('is_inactive');
    const message = ownMessage(workspace, existingMessage(workspace, channel.id, input.ts), 'cant_update_message');
    // Text without blocks takes the blocks away; metadata that is left out stays (docs.slack.dev).
    const next = { ...content, metadata: input.metadata === undefined ? message.metadata : metadata };
    edit(slack, workspace, message, next, workspace.bot.userId);
    return { ...answerOf(caller, message), text: message.text };
  },
});

const postEphemeral = method({
  name: 'chat.postEphemeral',
  scope: 'chat:write',
  rate: tiers.four,
  input: args({
    channel: z.string().min(1),
    user: z.string().min(1),
    ...contentArguments,
    ...authorship,
    as_user: flag.optional(),
    thread_ts: timeStamp.optional(),
  }),
  answer(input, caller) {
    const { workspace } = caller;
    refuseCustomAuthor(input, caller);
    if ((input.text ?? '').length > cutAt) throw new Refusal('msg_too_long');
    const content = readContent(input);
    const channel = writableChannel(caller, input.channel);
    if (!channel.members.has(input.user)) throw new Refusal('user_not_in_channel');
    if (input.thread_ts !== undefined) threadRoot(workspace, channel.id, input.thread_ts);
    const ts = workspace.nextTs();
    workspace.ephemerals.push({
      ...content,
      channel: channel.id,
      user: input.user,
      ts,
      ...(input.thread_ts !== undefined && { threadTs: input.thread_ts }),
      deleted: false,
    });
    workspace.changes.notify();
    return { message_ts: ts };
  },
});

const deleteMessage = method({
  name: 'chat.delete',
  scope: 'chat:write',
  rate: tiers.three,
  input: args({ channel: z.string().min(1), ts: timeStamp, as_user: flag.optional() }),
  answer(input, { workspace, slack }) {
    const channel = visibleChannel(workspace, input.channel);
    const message = existingMessage(workspace, channel.id, input.ts);
    remove(slack, workspace, ownMessage(workspace, message, 'cant_delete_message'));
    return { channel: channel.id, ts: message.ts };
  },
});

const getPermalink = method({
  name: 'chat.getPermalink',
  rate: tiers.special,
  input: args({ channel: z.string().min(1), message_ts: timeStamp }),
  answer(input, { workspace }) {
    const channel = visibleChannel(workspace, input.channel);
    const message = existingMessage(workspace, channel.id, input.message_ts);
    return { channel: channel.id, permalink: permalinkOf(workspace, message) };
  },
});

export const chatMethods: readonly Method[] = [postMessage, update, postEphemeral, deleteMessage, getPermalink];

/** The address of a message for people. */
function permalinkOf(workspace: Workspace, message: Message): string {
  const place = `https://${workspace.domain}.slack.com/archives/${message.channel}/p${message.ts.replace('.', '')}`;
  return message.threadTs === undefined ? place : `${place}?thread_ts=${message.threadTs}&cid=${message.channel}`;
}

function answerOf({ workspace, slack }: Caller, message: Message) {
  return {
    channel: message.channel,
    ts: message.ts,
    message: {
      ...messageJson(workspace, message, slack.settings.appId),
      ...(message.metadata !== undefined && { metadata: message.metadata }),
    },
  };
}

function ownMessage(workspace: Workspace, message: Message, refusal: string): Message {
  if (message.user !== workspace.bot.userId) throw new Refusal(refusal);
  return message;
}
