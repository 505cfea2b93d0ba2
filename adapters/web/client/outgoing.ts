import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import { Avatar } from './avatar.ts';
import { FileList } from './file-list.ts';
import { Icon } from './icons.ts';
import { discard, sendAgain } from './outbox.ts';
import { type Outgoing, useChat } from './state.ts';
import { WordsView } from './words-view.ts';

/** A message on its way, or one that did not get there, with its words and what can be done. */
export function OutgoingView({ outgoing, continues }: { outgoing: Outgoing; continues: boolean }): ComponentChild {
  const name = useChat((state) => state.me?.name ?? 'You');
  const { text, files, status, problem, key } = outgoing;
  return html`<article class=${`message ${status} ${continues ? 'continues' : ''}`} aria-label=${name}>
    <div class="message-side">${!continues && html`<${Avatar} author=${{ id: '', name }} />`}</div>
    <div class="message-main">
      ${!continues && html`<header class="message-head"><span class="author">${name}</span></header>`}
      ${text !== '' && h(WordsView, { text })}
      ${files.length > 0 && h(FileList, { files: files.map((file) => ({ ...file, address: undefined })) })}
      ${
        status === 'failed'
          ? html`<div class="not-sent" role="alert">
              <${Icon} name="warning" />
              <span>Not sent. ${problem}</span>
              <button type="button" class="button small" onClick=${() => void sendAgain(outgoing)}>Try again</button>
              <button type="button" class="quiet" onClick=${() => discard(key)}>Discard</button>
            </div>`
          : html`<p class="sending-note">Sending…</p>`
      }
    </div>
  </article>`;
}
