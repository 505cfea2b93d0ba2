import { html } from 'htm/preact';
import type { ComponentChild } from 'preact';
import type { PlanLine, PlanLineState } from '#core/chat/card.ts';
import { Icon, type IconName } from '../icons.ts';
import { Rich } from '../rich.ts';

const ticks: Record<PlanLineState, { readonly icon?: IconName; readonly words: string }> = {
  pending: { words: 'not started' },
  running: { words: 'running' },
  waiting: { icon: 'pause', words: 'waiting' },
  done: { icon: 'check', words: 'done' },
  failed: { icon: 'cross', words: 'failed' },
  skipped: { icon: 'dash', words: 'skipped' },
};

/** The steps of a plan with their ticks, which screen readers get as words. */
export function PlanBlock({ steps }: { steps: readonly PlanLine[] }): ComponentChild {
  return html`<ol class="card-plan">
    ${steps.map(({ state, title, detail }) => {
      const { icon, words } = ticks[state];
      return html`<li class=${`step step-${state}`} aria-current=${state === 'running' ? 'step' : undefined}>
        <span class="tick">${icon && html`<${Icon} name=${icon} />`}</span>
        <span class="step-words">
          <span class="step-title" dir="auto">${title}</span>
          <span class="unseen">, ${words}</span>
          ${detail && html` <span class="step-detail" dir="auto"><${Rich} text=${detail} /></span>`}
        </span>
      </li>`;
    })}
  </ol>`;
}
