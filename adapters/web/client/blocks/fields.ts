import { html } from 'htm/preact';
import type { ComponentChild } from 'preact';
import type { Field } from '#core/chat/card.ts';
import { Rich } from '../rich.ts';

/** Names and values, in columns that fit the width. */
export function FieldsBlock({ fields }: { fields: readonly Field[] }): ComponentChild {
  return html`<dl class="card-fields">
    ${fields.map(
      ({ label, value }) => html`<div>
        <dt dir="auto">${label}</dt>
        <dd dir="auto"><${Rich} text=${value} /></dd>
      </div>`,
    )}
  </dl>`;
}
