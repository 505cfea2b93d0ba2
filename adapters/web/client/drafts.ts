import { keep, kept } from './kept.ts';

/** The unsent words of a channel or thread, kept through reloads. */
export function draftOf(key: string): string {
  return kept(nameOf(key)) ?? '';
}

/** Keeps unsent words; the empty text forgets them. */
export function keepDraft(key: string, text: string): void {
  keep(nameOf(key), text);
}

function nameOf(key: string): string {
  return `commander.draft.${key}`;
}
