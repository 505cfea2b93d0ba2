import { html } from 'htm/preact';
import { type ComponentChild, type ComponentChildren, h } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { ChatMessage } from '#core/chat/chat-store.ts';
import { useNow } from './clock.ts';
import { Icon } from './icons.ts';
import { type Day, daysOf, type Line, type Seen } from './lines.ts';
import { MessageView } from './message.ts';
import { OutgoingView } from './outgoing.ts';
import { useScroll } from './scroll.ts';
import type { Outgoing } from './state.ts';

interface ListProps {
  readonly label: string;
  readonly messages: readonly ChatMessage[];
  readonly outgoing: readonly Outgoing[];
  readonly seen: Seen;
  /** Called when the reader comes to the top, if there is more. */
  readonly onTop?: () => void;
  readonly onOpen?: (rootId: string) => void;
  /** The message whose thread is open. */
  readonly chosen?: string;
  /** What stands above the first message: the beginning of the channel, or the root of a thread. */
  readonly children?: ComponentChildren;
}

/** Messages, oldest first, that stay at the newest line while the reader is there, and stay put when not. */
export function MessageList({
  label,
  messages,
  outgoing,
  seen,
  onTop,
  onOpen,
  chosen,
  children,
}: ListProps): ComponentChild {
  const element = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const today = useNow(60_000).toDateString();
  const days = useMemo(() => daysOf(messages, outgoing, seen, new Date()), [messages, outgoing, seen, today]);
  const ends = { first: messages[0]?.id, newest: messages.at(-1)?.id, sent: outgoing.at(-1)?.key };
  const { below, toEnd } = useScroll({ element, inner, ...ends, onTop });
  return html`<div class="scroller">
    <div ref=${element} class="messages" role="region" aria-label=${label} tabindex="0">
      <div ref=${inner} class="messages-inner">
        ${children}
        ${days.map((day) => drawDay(day, onOpen, chosen))}
      </div>
    </div>
    ${
      below &&
      html`<button type="button" class=${`to-end ${below}`} aria-label="Go to the newest messages" onClick=${toEnd}>
        <${Icon} name="down" />${below === 'new' && 'New messages'}
      </button>`
    }
  </div>`;
}

function drawDay(day: Day, onOpen: ListProps['onOpen'], chosen: string | undefined): ComponentChild {
  return html`<section key=${day.key} class="day" aria-label=${day.heading}>
    ${day.heading && html`<h3 key="heading" class="day-heading">${day.heading}</h3>`}
    ${day.lines.map((line) => drawLine(line, onOpen, chosen))}
  </section>`;
}

function drawLine(line: Line, onOpen: ListProps['onOpen'], chosen: string | undefined): ComponentChild {
  switch (line.kind) {
    case 'new':
      return html`<div key=${line.key} class="new-line" role="separator" aria-label="New messages"><span aria-hidden="true">New</span></div>`;
    case 'message': {
      const { key, message, continues } = line;
      return h(MessageView, { key, message, continues, onOpen, chosen: chosen === message.id });
    }
    case 'outgoing':
      return h(OutgoingView, { key: line.key, outgoing: line.outgoing, continues: line.continues });
  }
}
