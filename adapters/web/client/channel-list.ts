import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ChatChannel } from '#core/chat/chat-store.ts';
import { Avatar } from './avatar.ts';
import { Icon } from './icons.ts';
import { OwnLink } from './link.ts';
import { pathOf } from './place.ts';
import { change, useChat } from './state.ts';
import { isChannelUnread } from './unread.ts';

/** The channels, with a mark where something new is; on a phone it slides over the page. */
export function ChannelList(): ComponentChild {
  const channels = useChat((state) => state.channels);
  const open = useChat((state) => state.menuOpen);
  const me = useChat((state) => state.me);
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    if (open) element.current?.querySelector<HTMLElement>('a, button')?.focus();
  }, [open]);
  return html`<nav ref=${element} class=${`channels ${open ? 'open' : ''}`} aria-label="Channels">
    <header class="brand">
      <span class="avatar avatar-bot" aria-hidden="true"><svg viewBox="0 0 32 32"><path d="m9 10 6 6-6 6M17.5 22H23" /></svg></span>
      <span>Commander</span>
      <button type="button" class="quiet only-phone" aria-label="Close the channel list" onClick=${() => change({ menuOpen: false })}><${Icon} name="close" /></button>
    </header>
    <div class="channels-title">
      <h2>Channels</h2>
      <button type="button" class="quiet" aria-label="New channel" title="New channel" onClick=${() => change({ dialog: 'channel', menuOpen: false })}><${Icon} name="plus" /></button>
    </div>
    <ul>
      ${(channels ?? []).map((channel) => h(ChannelRow, { key: channel.id, channel }))}
    </ul>
    <a class="library" href="/inbox" target="_blank" rel="noopener"><${Icon} name="inbox" />Inbox<span class="unseen">: what waits for people, in a new tab</span></a>
    <a class="library" href="/library" target="_blank" rel="noopener"><${Icon} name="library" />Library<span class="unseen">: what tasks made, in a new tab</span></a>
    ${
      me &&
      html`<button type="button" class="me" title="Change your name" onClick=${() => change({ dialog: 'name', menuOpen: false })}>
        <${Avatar} author=${me} /><span class="me-name" dir="auto">${me.name}</span>
        <span class="unseen">, change your name</span>
      </button>`
    }
  </nav>
  ${open && html`<div class="veil only-phone" onClick=${() => change({ menuOpen: false })}></div>`}`;
}

function ChannelRow({ channel }: { channel: ChatChannel }): ComponentChild {
  const unread = useChat((state) => isChannelUnread(channel, state.read));
  const current = useChat((state) => state.place.channel === channel.name);
  return html`<li class=${`channel ${unread ? 'unread' : ''} ${current ? 'current' : ''}`}>
    <${OwnLink} href=${pathOf(channel.name)}>
      <${Icon} name="hash" /><span class="channel-name">${channel.name}</span>
      ${unread && html`<span class="dot"></span><span class="unseen">, unread</span>`}
    <//>
  </li>`;
}
