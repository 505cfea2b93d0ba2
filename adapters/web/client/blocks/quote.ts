import { html } from 'htm/preact';
import type { ComponentChild } from 'preact';

/** Words that are not Commander's own, said so and drawn so. */
export function QuoteBlock({ from, text }: { from: string; text: string }): ComponentChild {
  return html`<figure class="quote">
    <figcaption dir="auto">${from}</figcaption>
    <blockquote dir="auto">${text}</blockquote>
  </figure>`;
}
