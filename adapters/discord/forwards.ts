import type { APIMessage } from 'discord.js';
import type { EarlierMessage } from '#core/chat/adapter.ts';
import { senderOf } from './people.ts';
import { keepRecent } from './recent.ts';

type Snapshot = NonNullable<APIMessage['message_snapshots']>[number]['message'];

/** Discord sends what is written beside a forwarded message as a message of its own, right after it. In milliseconds. */
const besideMs = 60_000;

/** The messages that a message forwards. Discord does not say who wrote them. Their files stay where they are, and are named. */
export function forwardedBy({
  message_snapshots = [],
}: Pick<APIMessage, 'message_snapshots'>): readonly EarlierMessage[] {
  return message_snapshots.flatMap(({ message }) => quotation('a forwarded message', message));
}

/** The message of somebody else that a message answers; of the bot's own cards it is known what they say. */
export function answeredBy({ referenced_message }: APIMessage, self: string): readonly EarlierMessage[] {
  if (referenced_message == null || referenced_message.author.id === self) return [];
  const own = quotation(senderOf(referenced_message.author).name, referenced_message);
  return [...own, ...forwardedBy(referenced_message)];
}

function quotation(
  from: string,
  { content, attachments }: Pick<Snapshot, 'content' | 'attachments'>,
): readonly EarlierMessage[] {
  const named = attachments.map(({ filename }) => `[a file that is not taken along: ${filename}]`);
  const text = [...(content === '' ? [] : [content]), ...named].join('\n');
  return text === '' ? [] : [{ from, text, brought: true }];
}

/** What people forwarded a moment ago, for what they say right after it. */
export function createForwards() {
  const latest = new Map<string, { readonly quoted: readonly EarlierMessage[]; readonly until: number }>();
  const given = new Map<string, readonly EarlierMessage[]>();
  const keyOf = ({ channel_id, author }: APIMessage) => `${channel_id}/${author.id}`;

  return {
    keep(message: APIMessage): void {
      const quoted = forwardedBy(message);
      if (quoted.length > 0) keepRecent(latest, keyOf(message), { quoted, until: Date.now() + besideMs });
    },
    /** What its author forwarded just before: for one message, which gets the same when it has to be taken again. */
    before(message: APIMessage): readonly EarlierMessage[] {
      const same = given.get(message.id);
      if (same !== undefined) return same;
      const found = latest.get(keyOf(message));
      latest.delete(keyOf(message));
      const quoted = found === undefined || found.until < Date.now() ? [] : found.quoted;
      keepRecent(given, message.id, quoted);
      return quoted;
    },
  };
}
