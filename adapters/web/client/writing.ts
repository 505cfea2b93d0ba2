import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { draftOf, keepDraft } from './drafts.ts';
import { focusFront, registerPane } from './panes.ts';

/** The words that are being written in one place, with their caret. */
export interface Writing {
  readonly area: { readonly current: HTMLTextAreaElement | null };
  readonly text: string;
  readonly caret: number;
  readonly focused: boolean;
  /** Puts other words there. */
  write(text: string, caret: number): void;
  /** What the textarea needs to be followed. */
  readonly listeners: Readonly<Record<string, (event: Event) => void>>;
}

/** Follows a textarea, grows it with its words, and keeps them as the draft of the place. */
export function useWriting(place: string): Writing {
  const [text, setText] = useState(() => draftOf(place));
  const [caret, setCaret] = useState(text.length);
  const [focused, setFocused] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => grow(area.current), [text]);

  const take = (next: string, nextCaret: number) => {
    setText(next);
    setCaret(nextCaret);
    keepDraft(place, next);
  };
  const moved = () => setCaret(area.current?.selectionStart ?? 0);
  return {
    area,
    text,
    caret,
    focused,
    write: (next, nextCaret) => {
      take(next, nextCaret);
      putCaret(area.current, next, nextCaret);
    },
    listeners: {
      onInput: () => take(area.current?.value ?? '', area.current?.selectionStart ?? 0),
      onKeyUp: moved,
      onClick: moved,
      onFocus: () => setFocused(true),
      onBlur: () => setFocused(false),
    },
  };
}

/** Lets the rest of the page fill in words, add files and give the focus to this place. */
export function useAsPane(place: string, { area, write }: Writing, addFiles: (files: readonly File[]) => void): void {
  const latest = useRef({ write, addFiles });
  latest.current = { write, addFiles };
  const pane = {
    fill: (words: string) => {
      latest.current.write(words, words.length);
      area.current?.focus();
    },
    addFiles: (files: readonly File[]) => latest.current.addFiles(files),
    focus: () => area.current?.focus(),
  };
  // As soon as it is there: the effects of a thread around it may come before its own, when more of the thread has come meanwhile.
  useLayoutEffect(() => registerPane(place, pane), [place]);
  useEffect(focusFront, [place]);
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
