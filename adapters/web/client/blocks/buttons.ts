import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import { useState } from 'preact/hooks';
import type { Button } from '#core/chat/card.ts';
import { Dialog } from '../dialog.ts';
import type { Interaction } from '../interaction.ts';
import { OwnLink } from '../link.ts';

/** The buttons of a card: links lead somewhere, the others act, some after asking. */
export function ButtonsBlock({
  buttons,
  interaction,
}: {
  buttons: readonly Button[];
  interaction: Interaction;
}): ComponentChild {
  return html`<div class="card-buttons">
    ${buttons.map((button) =>
      button.action === undefined || button.href !== undefined
        ? h(LinkButton, { key: `link ${button.label}`, button })
        : h(ActButton, { key: button.action, button, action: button.action, interaction }),
    )}
  </div>`;
}

function LinkButton({ button }: { button: Button }): ComponentChild {
  return h(OwnLink, { href: button.href ?? '', look: lookOf(button) }, button.label);
}

interface ActProps {
  readonly button: Button;
  readonly action: string;
  readonly interaction: Interaction;
}

function ActButton({ button, action, interaction }: ActProps): ComponentChild {
  const [asking, setAsking] = useState(false);
  const busy = interaction.busy === action;
  const press = () => {
    if (interaction.busy !== undefined) return;
    if (button.confirm === undefined) interaction.press(action);
    else setAsking(true);
  };
  const confirmed = () => {
    setAsking(false);
    interaction.press(action);
  };
  // Busy buttons stay focusable: a disabled one would throw the focus out of the card.
  return html`<button
      type="button"
      class=${lookOf(button)}
      aria-disabled=${interaction.busy !== undefined}
      aria-busy=${busy}
      onClick=${press}
    >
      ${busy && html`<span class="spinner" aria-hidden="true"></span>`}<span dir="auto">${button.label}</span>
    </button>
    ${asking && button.confirm && h(Confirm, { button, confirm: button.confirm, onYes: confirmed, onNo: () => setAsking(false) })}`;
}

interface ConfirmProps {
  readonly button: Button;
  readonly confirm: NonNullable<Button['confirm']>;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

/** Asks before a press. The safe answer has the focus when the other one destroys. */
function Confirm({ button, confirm, onYes, onNo }: ConfirmProps): ComponentChild {
  const danger = button.style === 'danger';
  return h(
    Dialog,
    { title: confirm.title, onClose: onNo, alert: true },
    html`<div class="dialog-body"><p dir="auto">${confirm.text}</p></div>
      <footer class="dialog-foot">
        <button type="button" class="button" data-first=${danger || undefined} onClick=${onNo}>Go back</button>
        <button
          type="button"
          class=${`button ${danger ? 'danger' : 'primary'}`}
          data-first=${danger ? undefined : true}
          onClick=${onYes}
        >
          ${confirm.yes}
        </button>
      </footer>`,
  );
}

function lookOf({ style }: Button): string {
  return style === undefined ? 'button' : `button ${style}`;
}
