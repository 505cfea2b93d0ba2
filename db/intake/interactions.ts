import { sql } from 'kysely';
import type { InteractionReply } from '#core/chat/adapter.ts';
import type { Database, Transaction } from '../database.ts';

/** A press or a form as its platform names it: the same, however often it comes. */
export interface InteractionId {
  readonly platform: string;
  readonly externalId: string;
}

/** Presses and forms are known again for so long, in hours: platforms send them again within minutes. */
const keptHours = 24;

const done = { kind: 'done' } as const satisfies InteractionReply;

/** What is done now was done before: all of it is taken back. */
class CarriedOutBefore extends Error {
  readonly code = 'carried_out_before';
}

/**
 * Carries out a press or a form in one transaction that notes it, too: one that comes again, or twice at once, changes nothing and
 * is answered as the first time. Without an id it is carried out as often as it comes. It costs no round trip of its own, for the
 * note goes out together with the first statement of the work; an answer that says more than that it is done costs one.
 */
export async function carryOutOnce(
  db: Database,
  id: InteractionId | undefined,
  work: (trx: Transaction) => Promise<InteractionReply>,
): Promise<InteractionReply> {
  if (id === undefined) return db.transaction(work);
  try {
    return await db.transaction(async (trx) => {
      const [reply, isNew] = await Promise.all([work(trx), note(trx, id)]);
      if (!isNew) throw new CarriedOutBefore('This press or form was carried out before.');
      if (reply.kind !== 'done') await keepReply(trx, id, reply);
      return reply;
    });
  } catch (error) {
    if (!(error instanceof CarriedOutBefore)) throw error;
    return answerOnce(db, id, done);
  }
}

/**
 * The answer to a press or a form: that of the first time, if it came before. What would be answered now (the button is
 * out of date, for it was pressed already) is said, and kept, only when nothing was.
 */
export async function answerOnce(
  db: Database,
  { platform, externalId }: InteractionId,
  reply: InteractionReply,
): Promise<InteractionReply> {
  const { reply: first } = await db.kysely
    .insertInto('interactions')
    .values({ platform, external_id: externalId, reply: JSON.stringify(reply) })
    .onConflict((conflict) =>
      conflict.columns(['platform', 'external_id']).doUpdateSet({ platform: (each) => each.ref('excluded.platform') }),
    )
    .returning('reply')
    .executeTakeFirstOrThrow();
  return first;
}

/** Whether a message that was taken was said by this very form. */
export async function isSaidBy(db: Database, message: InteractionId, formId: string | undefined): Promise<boolean> {
  if (formId === undefined) return false;
  const row = await db.kysely
    .selectFrom('inbox')
    .select('body')
    .where('platform', '=', message.platform)
    .where('external_id', '=', message.externalId)
    .executeTakeFirst();
  return row?.body.formId === formId;
}

/** Forgets what came long ago. */
export async function forgetInteractions(db: Database): Promise<void> {
  await db.kysely
    .deleteFrom('interactions')
    .where('at', '<', sql<Date>`now() - ${keptHours} * interval '1 hour'`)
    .execute();
}

async function note(trx: Transaction, { platform, externalId }: InteractionId): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('interactions')
    .values({ platform, external_id: externalId, reply: JSON.stringify(done) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

async function keepReply(
  trx: Transaction,
  { platform, externalId }: InteractionId,
  reply: InteractionReply,
): Promise<void> {
  await trx
    .updateTable('interactions')
    .set({ reply: JSON.stringify(reply) })
    .where('platform', '=', platform)
    .where('external_id', '=', externalId)
    .execute();
}
