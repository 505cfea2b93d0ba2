import type { EarlierMessage } from '#core/chat/adapter.ts';
import type { SlackMessage } from './envelopes.ts';
import { decodeText } from './text.ts';

/** The messages that a message forwards, in the words of those who wrote them. Their files stay where they are, and are named. */
export function forwardedBy({ attachments = [] }: Pick<SlackMessage, 'attachments'>): readonly EarlierMessage[] {
  return attachments.flatMap(({ is_msg_unfurl, author_name, text, fallback, files = [] }) => {
    if (is_msg_unfurl !== true) return [];
    const words = decodeText(text || fallback || '');
    const named = files.map(({ name }) => `[a file that is not taken along: ${name ?? 'without a name'}]`);
    const said = [...(words === '' ? [] : [words]), ...named].join('\n');
    return said === '' ? [] : [{ from: author_name || 'somebody', text: said, brought: true }];
  });
}

/** What a message itself says. Alerts of other apps often stand below it (docs, legacy attachments), people's words never do. */
export function saidIn({
  text,
  bot_id,
  attachments = [],
}: Pick<SlackMessage, 'text' | 'bot_id' | 'attachments'>): string {
  const below = attachments.flatMap((each) => {
    if (bot_id === undefined || each.is_msg_unfurl === true || each.from_url !== undefined) return [];
    const parts = [each.pretext, each.title, each.text].filter(Boolean);
    return parts.length > 0 ? parts : [each.fallback];
  });
  return decodeText([text, ...below].filter(Boolean).join('\n'));
}

/** What another app calls itself in its message; `undefined` for a person. */
export function appName(message: Pick<SlackMessage, 'bot_id' | 'bot_profile' | 'username'>): string | undefined {
  const { bot_id, bot_profile, username } = message;
  return bot_id === undefined ? undefined : bot_profile?.name || username || 'an app';
}
