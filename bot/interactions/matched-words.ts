import { plural } from '#core/text/plural.ts';
import type { MatchedLately } from '#db/rules/matches.ts';

/** `4 requests (3 approved, 1 denied)`. */
export function matchedWords({ asked, approved, denied }: MatchedLately): string {
  const how = [...(approved === 0 ? [] : [`${approved} approved`]), ...(denied === 0 ? [] : [`${denied} denied`])];
  return `${plural(asked, 'request')}${how.length === 0 ? '' : ` (${how.join(', ')})`}`;
}
