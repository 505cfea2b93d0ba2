import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { ChatChannel } from '#core/chat/chat-store.ts';
import { plural } from '#core/text/plural.ts';
import { Composer } from './composer.ts';
import { Icon } from './icons.ts';
import { LoadingNote } from './loading.ts';
import { repliesOf } from './merge.ts';
import { MessageView } from './message.ts';
import { MessageList } from './message-list.ts';
import { send } from './outbox.ts';
import { onTouchKeyboard, paneFor } from './panes.ts';
import { useReading } from './reading.ts';
import { closeThread, loadPlace } from './session.ts';
import { chatState, useChat } from './state.ts';

/** A thread beside its channel; on a phone it covers the page. */
export function ThreadPane({ channel, rootId }: { channel: ChatChannel; rootId: string }): ComponentChild {
  const page = useChat((state) => state.pages.get(rootId));
  const known = useChat((state) => state.messages);
  const allOutgoing = useChat((state) => state.outgoing);
  const me = useChat((state) => state.me?.id);
  const root = known.get(rootId);
  const replies = useMemo(() => repliesOf(known, rootId), [known, rootId]);
  const outgoing = useMemo(() => allOutgoing.filter(({ target }) => target.rootId === rootId), [allOutgoing, rootId]);
  const until = useMemo(() => chatState().read.threads[rootId] ?? '', [rootId]);
  const loaded = page?.status === 'loaded' && root !== undefined;
  const seen = useReading({ until, me, above: root?.at }, loaded ? replies : undefined);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Where the thread covers its channel, the focus must not stay behind it.
    if (document.activeElement !== document.body && !covers()) return;
    if (onTouchKeyboard()) head.current?.focus();
    else paneFor(rootId)?.focus();
  }, [rootId]);
  return html`<aside class="pane thread-pane" aria-label="Thread" data-pane=${rootId}>
    <header class="pane-head">
      <button type="button" class="quiet only-covering" aria-label=${`Back to ${channel.name}`} onClick=${closeThread}><${Icon} name="back" /></button>
      <h2 ref=${head} tabindex="-1">Thread <span class="thread-where">#${channel.name}</span></h2>
      <button type="button" class="quiet not-covering" aria-label="Close the thread" title="Close (Esc)" onClick=${closeThread}><${Icon} name="close" /></button>
    </header>
    ${
      loaded
        ? h(
            MessageList,
            { label: 'Messages in this thread', messages: replies, outgoing, seen },
            html`<div key="root" class="thread-root">
              ${h(MessageView, { message: root, continues: false })}
              <p class="thread-count"><span>${replies.length === 0 ? 'No replies yet' : plural(replies.length, 'reply', 'replies')}</span></p>
            </div>`,
          )
        : html`<div class="scroller"><${LoadingNote} page=${page} onRetry=${() => void loadPlace()} /></div>`
    }
    ${h(Composer, {
      key: rootId,
      place: rootId,
      placeholder: 'Reply…',
      onSend: (text, files) => void send({ channelId: channel.id, rootId }, text, files),
    })}
  </aside>`;
}

/** Below this width (the same as in styles/layout.css) there is no room for both. */
function covers(): boolean {
  return matchMedia('(max-width: 1023px)').matches;
}
