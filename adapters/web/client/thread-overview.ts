import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import type { ChatMessage } from '#core/chat/chat-store.ts';
import { plural } from '#core/text/plural.ts';
import { When } from './clock.ts';
import { Icon } from './icons.ts';
import { stateOf } from './messages.ts';
import { useChat } from './state.ts';
import { isThreadUnread } from './unread.ts';

/** What goes on in a thread, under the message that opened it: `4 replies · Running · 2 min ago`. */
export function ThreadOverview({
  message,
  onOpen,
}: {
  message: ChatMessage;
  onOpen: (rootId: string) => void;
}): ComponentChild {
  const unread = useChat((state) => isThreadUnread(message, state.read));
  const { threadStatus, lastReplyAt } = message;
  return html`<button type="button" class=${`overview ${unread ? 'unread' : ''}`} onClick=${() => onOpen(message.id)}>
    ${unread && html`<span class="dot"></span><span class="unseen">Unread: </span>`}
    <span class="overview-count">${plural(message.replies, 'reply', 'replies')}</span>
    ${
      threadStatus &&
      html`<span class=${`overview-status tone-${toneOf(threadStatus.tone)}`} title=${threadStatus.title} dir="auto">
        ${stateOf(threadStatus)}
      </span>`
    }
    ${lastReplyAt && html`<span class="overview-last">${h(When, { at: lastReplyAt, shape: 'ago' })}</span>`}
    <${Icon} name="chevron" />
  </button>`;
}

/** Tones are class names here: one that this page does not know is shown as neutral. */
function toneOf(tone: string): string {
  return /^(?:neutral|progress|waiting|success|warning|danger)$/.test(tone) ? tone : 'neutral';
}
