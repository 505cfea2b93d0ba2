import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import { useState } from 'preact/hooks';
import { TextPreview } from './text-preview.ts';

/** An HTML file as it looks, and its source. The frame gives the page no rights at all: no script, no form, no origin. */
export function PagePreview({ address, name }: { address: string; name: string }): ComponentChild {
  const [source, setSource] = useState(false);
  const choice = (label: string, ofSource: boolean) =>
    html`<button type="button" class="quiet" aria-pressed=${source === ofSource} onClick=${() => setSource(ofSource)}>${label}</button>`;
  return html`<div class="page-preview">
    <div class="page-choices" role="group" aria-label=${`How ${name} is shown`}>${choice('Page', false)}${choice('Source', true)}</div>
    ${
      source
        ? h(TextPreview, { address, name })
        : html`<iframe class="page-frame" title=${name} src=${pageAddress(address)} sandbox="" referrerpolicy="no-referrer"></iframe>`
    }
  </div>`;
}

/** The same file, asked for as a page. */
function pageAddress(address: string): string {
  const url = new URL(address, location.href);
  url.searchParams.set('as', 'page');
  return url.pathname + url.search;
}
