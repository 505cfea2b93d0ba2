import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ChatFile, ChatMessage } from '#core/chat/chat-store.ts';
import { fileAddress } from './api.ts';
import { Avatar } from './avatar.ts';
import { CardView } from './card.ts';
import { When } from './clock.ts';
import { FileList, type ShownFile } from './file-list.ts';
import { Icon } from './icons.ts';
import { authorName } from './messages.ts';
import { ThreadOverview } from './thread-overview.ts';
import { WordsView } from './words-view.ts';

export interface MessageProps {
  readonly message: ChatMessage;
  /** Whether the line before is by the same author, moments ago: then the name is not said again. */
  readonly continues: boolean;
  /** Opens the thread of a top-level message; absent within a thread. */
  readonly onOpen?: (rootId: string) => void;
  readonly chosen?: boolean;
}

/** One message. It is drawn again only when something of it changed. */
export function MessageView({ message, continues, onOpen, chosen }: MessageProps): ComponentChild {
  return useMemo(
    () => html`<article
      class=${`message ${continues ? 'continues' : ''} ${chosen ? 'chosen' : ''}`}
      aria-label=${`${authorName(message)}`}
      data-message=${message.id}
    >
      <div class="message-side">${!continues && html`<${Avatar} author=${message.author} />`}</div>
      <div class="message-main">
        <header class=${continues ? 'unseen' : 'message-head'}>
          <span class="author" dir="auto">${authorName(message)}</span>
          ${message.author === 'commander' && html`<span class="badge">bot</span>`}
          <${When} at=${message.at} shape="message" />
        </header>
        ${message.text !== undefined && message.text !== '' && h(WordsView, { text: message.text })}
        ${message.files.length > 0 && h(FileList, { files: message.files.map(shown) })}
        ${message.card && h(CardView, { message, card: message.card })}
        ${onOpen && message.replies > 0 && h(ThreadOverview, { message, onOpen })}
      </div>
      ${
        onOpen &&
        html`<div class="message-tools">
          <button
            type="button"
            class="quiet"
            aria-label=${`Reply in thread to ${authorName(message)}`}
            title="Reply in thread"
            onClick=${() => onOpen(message.id)}
          >
            <${Icon} name="reply" />
          </button>
        </div>`
      }
    </article>`,
    [message, continues, onOpen, chosen],
  );
}

function shown(file: ChatFile): ShownFile {
  return { ...file, address: fileAddress(file) };
}
