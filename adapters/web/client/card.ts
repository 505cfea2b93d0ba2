import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Block, Card, Tone } from '#core/chat/card.ts';
import type { ChatMessage } from '#core/chat/chat-store.ts';
import { ActionsBlock } from './blocks/actions.ts';
import { ButtonsBlock } from './blocks/buttons.ts';
import { ChangesBlock } from './blocks/changes.ts';
import { CodeBlock } from './blocks/code.ts';
import { FieldsBlock } from './blocks/fields.ts';
import { FilesBlock } from './blocks/files.ts';
import { PlanBlock } from './blocks/plan.ts';
import { QuoteBlock } from './blocks/quote.ts';
import { SelectBlock } from './blocks/select.ts';
import { Icon, type IconName } from './icons.ts';
import { type Interaction, useInteraction } from './interaction.ts';
import { FormDialog } from './modal.ts';
import { NoticeLine } from './notice.ts';
import { Rich } from './rich.ts';

/** The sign of each tone: never the only one, the title says the same in words. */
const signs: Record<Tone, IconName> = {
  neutral: 'info',
  progress: 'play',
  waiting: 'wait',
  success: 'check',
  warning: 'warning',
  danger: 'cross',
};

/** Draws the card of a message and handles what is pressed in it. */
export function CardView({ message, card }: { message: ChatMessage; card: Card }): ComponentChild {
  const interaction = useInteraction(message);
  const element = useRef<HTMLElement>(null);
  useFocusKept(element, message.cursor);
  const near = card.blocks.findLastIndex((block) => holdsAction(block, interaction.last));
  return html`<article ref=${element} class=${`card tone-${card.tone}`} tabindex="-1" aria-label=${card.summary}>
    <header class="card-head">
      <span class="card-sign"><${Icon} name=${signs[card.tone] ?? 'info'} /></span>
      <h3 dir="auto"><${Rich} text=${card.title} /></h3>
    </header>
    ${card.blocks.map((block, index) => [
      drawBlock(block, interaction, `${block.kind}-${index}`),
      index === near && noticeOf(interaction),
    ])}
    ${near < 0 && noticeOf(interaction)}
    ${
      interaction.form &&
      h(FormDialog, {
        key: interaction.form.modal.id,
        form: interaction.form,
        onSubmit: interaction.submit,
        onClose: interaction.closeForm,
      })
    }
  </article>`;
}

function drawBlock(block: Block, interaction: Interaction, key: string): ComponentChild {
  switch (block.kind) {
    case 'text':
      return html`<p key=${key} class="card-text" dir="auto"><${Rich} text=${block.text} /></p>`;
    case 'context':
      return html`<p key=${key} class="card-context" dir="auto"><${Rich} text=${block.text} /></p>`;
    case 'list':
      return html`<ul key=${key} class="card-list">
        ${block.items.map((item) => html`<li dir="auto"><${Rich} text=${item} /></li>`)}
      </ul>`;
    case 'fields':
      return h(FieldsBlock, { key, fields: block.fields });
    case 'plan':
      return h(PlanBlock, { key, steps: block.steps });
    case 'actions':
      return h(ActionsBlock, { key, actions: block.actions });
    case 'code':
      return h(CodeBlock, { key, label: block.label, text: block.text });
    case 'quote':
      return h(QuoteBlock, { key, from: block.from, text: block.text });
    case 'files':
      return h(FilesBlock, { key, files: block.files });
    case 'changes':
      return h(ChangesBlock, { key, files: block.files, more: block.more });
    case 'buttons':
      return h(ButtonsBlock, { key, buttons: block.buttons, interaction });
    case 'select':
      return h(SelectBlock, { key, select: block, interaction });
    default:
      // A newer server may know more kinds; the card's summary still says what it is about.
      return undefined;
  }
}

function noticeOf({ notice, dismiss }: Interaction): ComponentChild {
  return notice && h(NoticeLine, { key: 'notice', notice, onDismiss: dismiss });
}

function holdsAction(block: Block, action: string | undefined): boolean {
  const held = block.kind === 'buttons' ? block.buttons : block.kind === 'select' ? block.options : [];
  return action !== undefined && held.some((each) => each.action === action);
}

/** A card that is edited may lose the button that has the focus; the card itself takes it then, so that nobody falls out of the page. */
function useFocusKept(element: { readonly current: HTMLElement | null }, revision: string): void {
  const focused = useRef<Element>(undefined);
  useLayoutEffect(() => {
    const enter = (event: FocusEvent) => {
      focused.current = event.target as Element;
    };
    const leave = (event: FocusEvent) => {
      // An element that is just being taken away is gone a moment later; one that stays was left by the person.
      queueMicrotask(() => {
        if ((event.target as Element).isConnected) focused.current = undefined;
      });
    };
    element.current?.addEventListener('focusin', enter);
    element.current?.addEventListener('focusout', leave);
  }, []);
  useLayoutEffect(() => {
    if (focused.current === undefined || focused.current.isConnected) return;
    focused.current = undefined;
    if (document.activeElement === document.body) element.current?.focus({ preventScroll: true });
  }, [revision]);
}
