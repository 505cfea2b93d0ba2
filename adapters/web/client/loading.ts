import { html } from 'htm/preact';
import type { ComponentChild } from 'preact';
import type { Page } from './state.ts';

/** Says that something is loading, or why it is not and how to try again. */
export function LoadingNote({ page, onRetry }: { page: Page | undefined; onRetry: () => void }): ComponentChild {
  if (page?.status !== 'failed')
    return html`<p class="loading" role="status"><span class="spinner" aria-hidden="true"></span> Loading…</p>`;
  return html`<div class="loading" role="alert">
    <p>${page.problem ?? 'This could not be loaded.'}</p>
    <button type="button" class="button" onClick=${onRetry}>Try again</button>
  </div>`;
}
