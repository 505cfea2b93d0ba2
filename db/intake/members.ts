import type { Database } from '../database.ts';

/** People of the platform of a message who are called so, in whatever case; two at most. */
export async function membersNamed(
  db: Database,
  messageId: string,
  name: string,
): Promise<readonly { readonly memberId: string; readonly name: string }[]> {
  return db.kysely
    .selectFrom('inbox')
    .innerJoin('threads', 'threads.id', 'inbox.thread_id')
    .innerJoin('members', 'members.platform', 'threads.platform')
    .select(['members.id as memberId', 'members.name as name'])
    .where('inbox.id', '=', messageId)
    .where(({ fn }) => fn('lower', ['members.name']), '=', name.toLowerCase())
    .limit(2)
    .execute();
}
