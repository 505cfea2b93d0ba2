import type { Block } from '../chat/card.ts';
import { plural } from '../text/plural.ts';

/** That some of the asker's own are not shown, because others read where he asks. */
export function keptBack(count: number, what: string): readonly Block[] {
  if (count === 0) return [];
  const are = `${plural(count, `more ${what}`)} of yours ${count === 1 ? 'is' : 'are'}`;
  return [{ kind: 'context', text: [`${are} not shown where others read: ask in a direct message.`] }];
}
