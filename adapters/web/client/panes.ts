import { chatState } from './state.ts';

/** What a place for writing offers to the rest of the page, by the key of its channel or thread. */
export interface Pane {
  /** Puts words into the composer, in place of what is there, and the focus after them. */
  fill(text: string): void;
  addFiles(files: readonly File[]): void;
  focus(): void;
}

/** A phone's keyboard would cover half the page, and has no Shift+Enter: there, nothing is focused unasked and Enter makes a line. */
export function onTouchKeyboard(): boolean {
  return matchMedia('(hover: none) and (pointer: coarse)').matches;
}

const panes = new Map<string, Pane>();

/** Makes a pane known until the returned function is called. The newest is the one in front. */
export function registerPane(key: string, pane: Pane): () => void {
  panes.set(key, pane);
  return () => {
    if (panes.get(key) === pane) panes.delete(key);
  };
}

let chosen = false;

/** The reader goes to another place: its composer takes the focus as soon as it is there, wherever the focus is. */
export function focusNextFront(): void {
  chosen = !onTouchKeyboard();
}

/** Gives the focus to the composer in front when it is nowhere, so that words that are typed arrive somewhere. */
export function focusFront(): void {
  // A page that is opened at a thread has its channel first: the focus waits for the thread.
  const { thread } = chatState().place;
  const front = thread === undefined ? paneFor(undefined) : panes.get(thread);
  if (front === undefined || onTouchKeyboard() || !(chosen || isFocusNowhere())) return;
  chosen = false;
  front.focus();
}

/** Right after a dialog was closed, what had the focus in it may have it still, until the page is drawn again. */
function isFocusNowhere(): boolean {
  const { activeElement } = document;
  return activeElement === document.body || activeElement?.closest('dialog:not([open])') != null;
}

/** The pane of that key, or else the one in front: a thread covers its channel. */
export function paneFor(key: string | undefined): Pane | undefined {
  return (key === undefined ? undefined : panes.get(key)) ?? [...panes.values()].at(-1);
}
