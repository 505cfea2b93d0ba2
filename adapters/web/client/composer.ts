import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ChatFile } from '#core/chat/chat-store.ts';
import { announce } from './announce.ts';
import { AttachmentList, useAttachments } from './attachments.ts';
import { completed } from './completion.ts';
import { type Choice, CompletionList, useCompletion } from './completion-list.ts';
import { draftOf, keepDraft } from './drafts.ts';
import { Icon } from './icons.ts';
import { registerPane } from './panes.ts';

interface ComposerProps {
  /** The key of the channel or thread: its draft's name. */
  readonly place: string;
  readonly placeholder: string;
  readonly onSend: (text: string, files: readonly ChatFile[]) => void;
}

/** Where words are written: Enter sends, Shift+Enter makes a line. Give it the place as `key`, too: a place has its own composer. */
export function Composer({ place, placeholder, onSend }: ComposerProps): ComponentChild {
  const [text, setText] = useState(() => draftOf(place));
  const [caret, setCaret] = useState(text.length);
  const [focused, setFocused] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const attachments = useAttachments();
  const completion = useCompletion(text, caret, focused);
  const listId = useId();
  const waiting = attachments.list.some((one) => one.stored === undefined);
  const stored = attachments.list.flatMap((one) => one.stored ?? []);
  const ready = !waiting && (text.trim() !== '' || stored.length > 0);

  const write = (next: string, nextCaret: number) => {
    setText(next);
    setCaret(nextCaret);
    keepDraft(place, next);
    putCaret(area.current, next, nextCaret);
  };
  const choose = (choice: Choice | undefined) => {
    if (choice === undefined || completion.wanted === undefined) return;
    const next = completed(text, caret, completion.wanted, choice.insert);
    write(next.text, next.caret);
  };
  const submit = () => {
    if (waiting) announce('Not sent yet: a file is not uploaded. Wait for it, try it again or remove it.');
    if (!ready) return;
    onSend(text.trim(), stored);
    attachments.clear();
    write('', 0);
  };
  const actions = useRef({ write, add: attachments.add });
  actions.current = { write, add: attachments.add };
  useEffect(
    () =>
      registerPane(place, {
        fill: (words) => {
          actions.current.write(words, words.length);
          area.current?.focus();
        },
        addFiles: (files) => actions.current.add(files),
        focus: () => area.current?.focus(),
      }),
    [place],
  );
  useLayoutEffect(() => grow(area.current), [text]);

  const keys = (event: KeyboardEvent) => {
    const outcome = outcomeOf(event, completion.choices.length, completion.active);
    if (outcome === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (outcome === 'send') submit();
    else if (outcome === 'hide') completion.hide();
    else if (outcome === 'choose') choose(completion.choices[completion.active ?? 0]);
    else completion.move(outcome === 'next' ? 1 : -1);
  };
  const moved = () => setCaret(area.current?.selectionStart ?? 0);
  return html`<div class="composer">
    ${completion.choices.length > 0 && h(CompletionList, { id: listId, completion, onChoose: choose })}
    <div class="composer-box">
      ${attachments.list.length > 0 && h(AttachmentList, { attachments })}
      <textarea
        ref=${area}
        rows="1"
        dir="auto"
        placeholder=${placeholder}
        aria-label=${placeholder}
        aria-autocomplete="list"
        aria-controls=${completion.choices.length > 0 ? listId : undefined}
        aria-activedescendant=${completion.active === undefined ? undefined : `${listId}-${completion.active}`}
        value=${text}
        onInput=${(event: InputEvent) => {
          const { value, selectionStart } = event.currentTarget as HTMLTextAreaElement;
          setText(value);
          setCaret(selectionStart);
          keepDraft(place, value);
        }}
        onKeyDown=${keys}
        onKeyUp=${moved}
        onClick=${moved}
        onFocus=${() => setFocused(true)}
        onBlur=${() => setFocused(false)}
      ></textarea>
      ${h(Tools, { ready, onSubmit: submit, onFiles: attachments.add })}
    </div>
  </div>`;
}

interface ToolsProps {
  readonly ready: boolean;
  readonly onSubmit: () => void;
  readonly onFiles: (files: readonly File[]) => void;
}

function Tools({ ready, onSubmit, onFiles }: ToolsProps): ComponentChild {
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
    <span class="composer-hint" aria-hidden="true"><kbd>@commander</kbd> asks the bot · <kbd>Shift</kbd> <kbd>Enter</kbd> new line</span>
    <button type="button" class="send" aria-label="Send" title="Send (Enter)" aria-disabled=${!ready} onClick=${onSubmit}>
      <${Icon} name="send" />
    </button>
  </div>`;
}

type Outcome = 'send' | 'choose' | 'hide' | 'next' | 'previous';

/** What a key means here; `undefined` leaves it to the browser. Enter never sends while an input method composes a character. */
function outcomeOf(event: KeyboardEvent, choices: number, active: number | undefined): Outcome | undefined {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  if (choices > 0) {
    if (event.key === 'ArrowDown') return 'next';
    if (event.key === 'ArrowUp') return 'previous';
    if (event.key === 'Escape') return 'hide';
    if (event.key === 'Tab' && !event.shiftKey) return 'choose';
    if (event.key === 'Enter' && !event.shiftKey && active !== undefined) return 'choose';
  }
  return event.key === 'Enter' && !event.shiftKey && !onTouchKeyboard() ? 'send' : undefined;
}

/** A phone's keyboard has no Shift+Enter: there Enter makes a line, and the button sends. */
function onTouchKeyboard(): boolean {
  return matchMedia('(hover: none) and (pointer: coarse)').matches;
}

/** Sets words and caret at once: preact would put the caret at the end. */
function putCaret(area: HTMLTextAreaElement | null, text: string, caret: number): void {
  if (area === null) return;
  area.value = text;
  area.setSelectionRange(caret, caret);
}

/** As high as its words, up to the limit that the style sets. */
function grow(area: HTMLTextAreaElement | null): void {
  if (area === null) return;
  area.style.height = 'auto';
  area.style.height = `${area.scrollHeight}px`;
}
