import { html } from 'htm/preact';
import type { ComponentChild } from 'preact';
import type { Block } from '#core/chat/card.ts';
import type { Interaction } from '../interaction.ts';

export interface SelectProps {
  readonly select: Block & { readonly kind: 'select' };
  readonly interaction: Interaction;
}

/** A menu that acts as soon as something is chosen. It shows what holds: the choice itself only when the card comes back with it. */
export function SelectBlock({ select: { label, options, chosen }, interaction }: SelectProps): ComponentChild {
  const choose = ({ currentTarget }: { readonly currentTarget: HTMLSelectElement }) => {
    const action = currentTarget.value;
    currentTarget.value = chosen;
    if (interaction.busy === undefined && action !== chosen) interaction.press(action);
  };
  const busy = interaction.busy !== undefined && options.some(({ action }) => action === interaction.busy);
  return html`<label class="card-select">
    <span dir="auto">${label}</span>
    <select value=${chosen} aria-busy=${busy} onChange=${choose}>
      ${options.map((option) => html`<option key=${option.action} value=${option.action}>${option.label}</option>`)}
    </select>
  </label>`;
}
