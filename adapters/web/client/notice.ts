import { html } from 'htm/preact';
import type { ComponentChild } from 'preact';
import { Icon } from './icons.ts';
import type { Notice } from './interaction.ts';

/** What came of a press, near its button, for the person who pressed only. */
export function NoticeLine({ notice, onDismiss }: { notice: Notice; onDismiss: () => void }): ComponentChild {
  return html`<div class=${`notice tone-${notice.tone}`} role=${notice.tone === 'success' ? 'status' : 'alert'}>
    <${Icon} name=${notice.tone === 'success' ? 'check' : 'warning'} />
    <p dir="auto">${notice.text}</p>
    <button type="button" class="quiet" aria-label="Dismiss" onClick=${onDismiss}><${Icon} name="close" /></button>
  </div>`;
}
