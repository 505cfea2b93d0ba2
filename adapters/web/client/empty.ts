import { html } from 'htm/preact';
import type { ComponentChild } from 'preact';
import type { ChatChannel } from '#core/chat/chat-store.ts';
import { Icon } from './icons.ts';
import { paneFor } from './panes.ts';

const tries = [
  { words: '@commander run the tests', about: 'Watch a task run, step by step' },
  { words: '@commander report as PDF please', about: 'Get files back, with previews' },
  { words: '@commander release 1.2.0', about: 'Approve a change, then deliver or revert it' },
  { words: '@commander help', about: 'See all that you can say' },
];

/** The beginning of a channel; with ideas what to say while nobody has said anything. */
export function ChannelStart({ channel, empty }: { channel: ChatChannel; empty: boolean }): ComponentChild {
  if (!empty) {
    return html`<div class="channel-start"><p>This is the beginning of <strong>#${channel.name}</strong>.</p></div>`;
  }
  return html`<div class="channel-empty">
    <span class="avatar avatar-bot" aria-hidden="true"><svg viewBox="0 0 32 32"><path d="m9 10 6 6-6 6M17.5 22H23" /></svg></span>
    <h2>Welcome to #${channel.name}</h2>
    <p>Say what you need and mention <span class="mention">@commander</span>. It plans, asks before anything risky, shows what it does, and can take it back. Try one of these:</p>
    <ul>
      ${tries.map(
        ({ words, about }) => html`<li>
          <button type="button" onClick=${() => paneFor(channel.id)?.fill(words)}>
            <span class="try-words">${words}</span>
            <span class="try-about">${about}</span>
            <${Icon} name="chevron" />
          </button>
        </li>`,
      )}
    </ul>
  </div>`;
}
