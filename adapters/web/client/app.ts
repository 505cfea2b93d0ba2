import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import { ChannelDialog } from './channel-dialog.ts';
import { ChannelList } from './channel-list.ts';
import { ChannelPane } from './channel-pane.ts';
import { useFilesIn } from './files-in.ts';
import { Icon } from './icons.ts';
import { JumpDialog } from './jump.ts';
import { LoadingNote } from './loading.ts';
import { NameDialog } from './name-dialog.ts';
import { go } from './session.ts';
import { openChannel, useChat } from './state.ts';
import { ThreadPane } from './thread-pane.ts';

const dialogs = { name: NameDialog, channel: ChannelDialog, jump: JumpDialog };

/** The whole page. */
export function App(): ComponentChild {
  const channels = useChat((state) => state.channels);
  const channel = useChat(openChannel);
  const thread = useChat((state) => state.place.thread);
  const dialog = useChat((state) => state.dialog);
  const connection = useChat((state) => state.connection);
  const { dragging, over } = useFilesIn();
  const inFront = over ?? thread ?? channel?.id;
  return html`<div class=${`app ${thread === undefined ? '' : 'with-thread'}`} data-drop=${dragging ? 'files' : undefined}>
    <${ChannelList} />
    <main class="middle">
      ${connection === 'lost' && html`<p class="banner" role="status"><span class="spinner" aria-hidden="true"></span> Connection lost. Connecting again…</p>`}
      <div class="panes">
        ${channel ? h(ChannelPane, { key: channel.id, channel }) : nowhere(channels?.[0]?.name, channels !== undefined)}
        ${channel && thread !== undefined && h(ThreadPane, { key: thread, channel, rootId: thread })}
      </div>
    </main>
    ${dragging && html`<p class="drop-hint" role="status"><${Icon} name="attach" /> Drop to add to ${inFront === thread && thread !== undefined ? 'the thread' : `#${channel?.name ?? ''}`}</p>`}
    ${dialog && h(dialogs[dialog], { key: dialog })}
    <div id="announcer" class="unseen" role="status" aria-live="polite" aria-relevant="additions"></div>
  </div>`;
}

function nowhere(first: string | undefined, known: boolean): ComponentChild {
  if (!known)
    return html`<section class="pane"><div class="scroller"><${LoadingNote} page=${undefined} /></div></section>`;
  return html`<section class="pane nowhere">
    <h1>There is no such channel</h1>
    <p>It may have another name now, or the link was cut off.</p>
    ${first !== undefined && html`<button type="button" class="button primary" onClick=${() => go(first)}>Go to #${first}</button>`}
  </section>`;
}
