import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ChatChannel, ChatFile } from '#core/chat/chat-store.ts';
import { addressesBot } from './completion.ts';
import { Composer } from './composer.ts';
import { ChannelStart } from './empty.ts';
import { Icon } from './icons.ts';
import { LoadingNote } from './loading.ts';
import { topLevel } from './merge.ts';
import { MessageList } from './message-list.ts';
import { send } from './outbox.ts';
import { useReading } from './reading.ts';
import { go, loadOlder, loadPlace } from './session.ts';
import { change, chatState, useChat } from './state.ts';

/** A channel: its messages, and where to write. */
export function ChannelPane({ channel }: { channel: ChatChannel }): ComponentChild {
  const { id, name } = channel;
  const page = useChat((state) => state.pages.get(id));
  const known = useChat((state) => state.messages);
  const allOutgoing = useChat((state) => state.outgoing);
  const thread = useChat((state) => state.place.thread);
  const me = useChat((state) => state.me?.id);
  const messages = useMemo(() => topLevel(known, id, page), [known, id, page]);
  const outgoing = useMemo(
    () => allOutgoing.filter(({ target }) => target.channelId === id && target.rootId === undefined),
    [allOutgoing, id],
  );
  const until = useMemo(() => readUntil(id), [id]);
  const open = useMemo(() => (rootId: string) => go(name, rootId), [name]);
  const loaded = page?.status === 'loaded';
  const seen = useReading({ until, me }, loaded ? messages : undefined);
  const listed = loaded || messages.length + outgoing.length > 0;
  return html`<section class="pane channel-pane" aria-label=${`Channel ${name}`} data-pane=${id}>
    ${h(Head, { name })}
    ${
      listed
        ? h(
            MessageList,
            {
              label: `Messages in ${name}`,
              messages,
              outgoing,
              seen,
              onTop: () => void loadOlder(id),
              onOpen: open,
              chosen: thread,
            },
            page?.more || !loaded
              ? html`<${LoadingNote} key="more" page=${page} onRetry=${() => void (page?.oldest ? loadOlder(id) : loadPlace())} />`
              : h(ChannelStart, { key: 'start', channel, empty: messages.length + outgoing.length === 0 }),
          )
        : html`<div class="scroller"><${LoadingNote} page=${page} onRetry=${() => void loadPlace()} /></div>`
    }
    ${h(Composer, {
      key: id,
      place: id,
      placeholder: `Message #${name}`,
      hint: html`<kbd>@commander</kbd> asks the bot · `,
      onSend: (text, files) => void sendHere(channel, text, files),
    })}
  </section>`;
}

function Head({ name }: { name: string }): ComponentChild {
  return html`<header class="pane-head">
    <button type="button" class="quiet only-phone" aria-label="Channels" onClick=${() => change({ menuOpen: true })}><${Icon} name="menu" /></button>
    <h1><${Icon} name="hash" /><span>${name}</span></h1>
    <button type="button" class="jump-button" aria-label=${`Jump to… ${jumpKeys}`} title="Jump to a channel or thread" onClick=${() => change({ dialog: 'jump' })}>
      <${Icon} name="search" /><span>Jump to…</span><kbd>${jumpKeys}</kbd>
    </button>
  </header>`;
}

/** Sends words; those for the bot open their thread, because the answer comes there. */
async function sendHere({ id, name }: ChatChannel, text: string, files: readonly ChatFile[]): Promise<void> {
  const message = await send({ channelId: id }, text, files);
  const here = chatState().place.channel === name;
  if (message !== undefined && here && addressesBot(text)) go(name, message.id);
}

/** A Mac says it with its own key. */
const jumpKeys = /Mac|iP(?:hone|ad)/.test(navigator.platform) ? '⌘K' : 'Ctrl K';

/** Where reading had ended when the channel was opened: what came later gets the mark of the new. */
function readUntil(channelId: string): string {
  const { read } = chatState();
  return read.channels[channelId] ?? read.since;
}
