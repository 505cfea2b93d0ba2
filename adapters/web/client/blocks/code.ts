import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import { CopyButton } from '../copy.ts';

/** Monospaced text exactly as it is. It scrolls sideways by keyboard too. */
export function CodeBlock({ label, text }: { label: string | undefined; text: string }): ComponentChild {
  return html`<figure class="code">
    <figcaption>
      <span dir="auto">${label}</span>
      ${h(CopyButton, { text, label: 'Copy' })}
    </figcaption>
    <pre tabindex="0" aria-label=${label ?? 'Code'}><code>${text}</code></pre>
  </figure>`;
}
