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
