import { html } from 'htm/preact';
import type { ComponentChild, ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from './icons.ts';
import { focusFront } from './panes.ts';

export interface DialogProps {
  readonly title: string;
  /** The person left it (Esc, the cross, a click beside it). */
  readonly onClose: () => void;
  /** A dialog that must be answered has no cross and stays at Esc. */
  readonly mustAnswer?: true;
  /** Asks before something happens: screen readers read its text at once. */
  readonly alert?: true;
  readonly kind?: 'small' | 'wide' | 'picture' | 'jump';
  readonly children?: ComponentChildren;
}

/**
 * A modal window over everything else. The browser's own dialog keeps the focus inside and gives it back where it was; the
 * element marked `data-first` gets it first.
 */
export function Dialog({ title, onClose, mustAnswer, alert, kind = 'small', children }: DialogProps): ComponentChild {
  const element = useRef<HTMLDialogElement>(null);
  const name = useId();
  const latest = useRef({ onClose, mustAnswer });
  latest.current = { onClose, mustAnswer };
  useLayoutEffect(() => showUntilLeft(element.current, latest), []);
  const leave = (event: Event) => {
    event.preventDefault();
    if (mustAnswer === undefined) onClose();
  };
  const beside = (event: MouseEvent) => {
    if (event.target === element.current) leave(event);
  };
  return html`<dialog
    ref=${element}
    class=${`dialog dialog-${kind}`}
    role=${alert ? 'alertdialog' : undefined}
    aria-labelledby=${name}
    onCancel=${leave}
    onMouseDown=${beside}
  >
    <div class="dialog-page">
      <header class="dialog-head">
        <h2 id=${name} dir="auto">${title}</h2>
        ${mustAnswer === undefined && html`<button type="button" class="quiet" aria-label="Close" onClick=${onClose}><${Icon} name="close" /></button>`}
      </header>
      ${children}
    </div>
  </dialog>`;
}

/** Opens the dialog; the returned function closes it. A browser may close it over our head (Esc twice): that counts as leaving. */
function showUntilLeft(
  dialog: HTMLDialogElement | null,
  latest: { readonly current: Pick<DialogProps, 'onClose' | 'mustAnswer'> },
): () => void {
  const closed = () => {
    if (latest.current.mustAnswer) dialog?.showModal();
    else latest.current.onClose();
  };
  dialog?.showModal();
  const first = dialog?.querySelector<HTMLElement>('[data-first]');
  first?.focus();
  // What stands in it already is replaced by typing, as after Tab.
  if (first instanceof HTMLInputElement) first.select();
  dialog?.addEventListener('close', closed);
  return () => {
    dialog?.removeEventListener('close', closed);
    dialog?.close();
    focusFront();
  };
}

/** Whether some dialog is open: keys are its own then. */
export function isDialogOpen(): boolean {
  return document.querySelector('dialog[open]') !== null;
}
