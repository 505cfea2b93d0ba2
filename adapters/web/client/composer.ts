import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import { useId, useRef } from 'preact/hooks';
import type { ChatFile } from '#core/chat/chat-store.ts';
import { announce } from './announce.ts';
import { AttachmentList, useAttachments } from './attachments.ts';
import { completed } from './completion.ts';
import { type Choice, CompletionList, useCompletion } from './completion-list.ts';
import { Icon } from './icons.ts';
import { useAsPane, useWriting } from './writing.ts';
import { outcomeOf } from './writing-keys.ts';

interface ComposerProps {
  /** The key of the channel or thread: its draft's name. */
  readonly place: string;
  readonly placeholder: string;
  /** How the bot is addressed here, if that needs saying. */
  readonly hint?: ComponentChild;
  readonly onSend: (text: string, files: readonly ChatFile[]) => void;
}

/** Where words are written: Enter sends, Shift+Enter makes a line. Give it the place as `key`, too: a place has its own composer. */
export function Composer({ place, placeholder, hint, onSend }: ComposerProps): ComponentChild {
  const writing = useWriting(place);
  const attachments = useAttachments();
  const completion = useCompletion(writing.text, writing.caret, writing.focused);
  const list = useId();
  useAsPane(place, writing, attachments.add);

  const stored = attachments.list.flatMap((one) => one.stored ?? []);
  const waiting = stored.length < attachments.list.length;
  const ready = !waiting && (writing.text.trim() !== '' || stored.length > 0);
  const submit = () => {
    if (waiting) announce('Not sent yet: a file is not uploaded. Wait for it, try it again or remove it.');
    if (!ready) return;
    onSend(writing.text.trim(), stored);
    attachments.clear();
    writing.write('', 0);
  };
  const choose = (choice: Choice | undefined) => {
    if (choice === undefined || completion.wanted === undefined) return;
    const next = completed(writing.text, writing.caret, completion.wanted, choice.insert);
    writing.write(next.text, next.caret);
  };
  const keys = (event: KeyboardEvent) => {
    const outcome = outcomeOf(event, completion.choices.length, completion.active);
    if (outcome === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (outcome === 'send') submit();
    else if (outcome === 'choose') choose(completion.choices[completion.active ?? 0]);
    else completion.follow(outcome);
  };
  return html`<div class="composer">
    ${completion.choices.length > 0 && h(CompletionList, { id: list, completion, onChoose: choose })}
    <div class="composer-box">
      ${attachments.list.length > 0 && h(AttachmentList, { attachments })}
      <textarea
        ref=${writing.area}
        rows="1"
        dir="auto"
        placeholder=${placeholder}
        aria-label=${placeholder}
        aria-autocomplete="list"
        aria-controls=${completion.choices.length > 0 ? list : undefined}
        aria-activedescendant=${completion.active === undefined ? undefined : `${list}-${completion.active}`}
        value=${writing.text}
        onKeyDown=${keys}
        ...${writing.listeners}
      ></textarea>
      ${h(Tools, { ready, hint, onSubmit: submit, onFiles: attachments.add })}
    </div>
  </div>`;
}

interface ToolsProps {
  readonly ready: boolean;
  readonly hint: ComponentChild;
  readonly onSubmit: () => void;
  readonly onFiles: (files: readonly File[]) => void;
}

function Tools({ ready, hint, onSubmit, onFiles }: ToolsProps): ComponentChild {
  const picker = useRef<HTMLInputElement>(null);
  const picked = () => {
    onFiles([...(picker.current?.files ?? [])]);
    if (picker.current !== null) picker.current.value = '';
  };
  return html`<div class="composer-tools">
    <input ref=${picker} type="file" multiple hidden aria-label="Files" onChange=${picked} />
    <button type="button" class="quiet" aria-label="Add files" title="Add files (or drop or paste them)" onClick=${() => picker.current?.click()}>
      <${Icon} name="attach" />
    </button>
    <span class="composer-hint" aria-hidden="true">${hint}<kbd>Shift</kbd> <kbd>Enter</kbd> new line</span>
    <button type="button" class="send" aria-label="Send" title="Send (Enter)" aria-disabled=${!ready} onClick=${onSubmit}>
      <${Icon} name="send" />
    </button>
  </div>`;
}
