import { onTouchKeyboard } from './panes.ts';

/** What a key does while words are written. */
export type KeyOutcome = 'send' | 'choose' | 'hide' | 'next' | 'previous';

/**
 * What a key means where `choices` completions are offered and the one at `active` is chosen; `undefined` leaves it to the
 * browser. Enter never sends while an input method composes a character.
 */
export function outcomeOf(event: KeyboardEvent, choices: number, active: number | undefined): KeyOutcome | undefined {
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
