import type { Choice } from '#core/preferences/preference.ts';
import { because } from '#core/preferences/why.ts';
import { formatMoment } from '#core/text/moment.ts';

/** A choice that decided, explained where it is used. */
export function chosenWords(label: string, choice: Choice): string {
  return `${label}, ${because(choice)}, ${formatMoment(choice.setAt)}`;
}
