import { html } from 'htm/preact';
import type { ComponentChild } from 'preact';
import type { ActionLine } from '#core/chat/card.ts';
import { Rich } from '../rich.ts';
import { fullTime, timeOfDay } from '../time.ts';

/** What happened, newest last. */
export function ActionsBlock({ actions }: { actions: readonly ActionLine[] }): ComponentChild {
  return html`<ol class="card-actions">
    ${actions.map(({ at, text }) => {
      const moment = new Date(at);
      return html`<li>
        <time dateTime=${at} title=${fullTime(moment)}>${timeOfDay(moment)}</time>
        <span dir="auto"><${Rich} text=${text} /></span>
      </li>`;
    })}
  </ol>`;
}
