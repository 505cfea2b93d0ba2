import type { Choice } from './preference.ts';

/** By whose choice something is as it is, to go on a sentence: “because ana chose it for this channel”. */
export function because({ holder, setBy }: Pick<Choice, 'holder' | 'setBy'>): string {
  return `because ${setBy} ${holder === 'person' ? 'prefers it' : `chose it for this ${holder}`}`;
}
