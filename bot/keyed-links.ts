import type { Card } from '#core/chat/card.ts';
import { linkedIn, withPageKeys } from '#core/chat/page-key.ts';
import { pageKeysOf } from '#db/tasks/page-keys.ts';
import type { Application } from './application.ts';

/** Cards for somebody who may see all that they lead to: their links open the pages of private tasks too. */
export async function keyedLinks({ db }: Pick<Application, 'db'>, cards: readonly Card[]): Promise<readonly Card[]> {
  const linked = linkedIn(cards);
  if (linked.numbers.size + linked.outputs.size === 0) return cards;
  const { ofTasks, ofOutputs } = await pageKeysOf(db, linked);
  return withPageKeys(cards, ({ number, output }) => ofTasks.get(number ?? 0) ?? ofOutputs.get(output ?? ''));
}
