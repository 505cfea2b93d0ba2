import { showAsk } from '#core/show/ask.ts';
import { askDue } from '#core/understand/ask-limit.ts';
import { askedMessage, lockAsk, saveAsk } from '#db/intake/asks.ts';
import type { Application } from '../application.ts';
import { mannerOf } from '../manner-of.ts';

/** Which request of which message. */
export interface AskAddress {
  readonly messageId: string;
  readonly part: number;
}

/**
 * Ends a request that nobody answered in time, or gives people time anew where Commander was away. One that was answered first,
 * waits for something else by now, or ended before stays as it is.
 */
export async function endAsk({ db }: Application, { messageId, part }: AskAddress): Promise<void> {
  const asked = await askedMessage(db, messageId);
  const ask = asked?.asks.find((each) => each.part === part);
  const after = ask && askDue(ask, new Date().toISOString());
  if (asked === undefined || ask === undefined || after === undefined) return;
  const card = showAsk({ id: messageId, from: asked.sender.name }, after, await mannerOf(db, messageId));
  await db.transaction(async (trx) => {
    if ((await lockAsk(trx, messageId, ask)) !== undefined) return;
    await saveAsk(db, trx, { messageId, ask: after, card });
  });
}
