import { sql } from 'kysely';
import type { ThreadAddress } from '#core/chat/adapter.ts';
import type { Database } from '../database.ts';
import { notify, type Wake } from '../notify.ts';

/** What was refused longer ago nobody waits for any more, in days. */
const agedDays = 7;

/** The newest posts that are tried again at once: each costs a call of the platform. */
const triedAgain = 100;

/**
 * Forgets that posts of a channel were refused lately, so that the presenter makes them: what was in the way may be over. Tasks and
 * answers whose posts these are count as not shown yet, whatever dies meanwhile.
 */
export async function retryRefused(
  db: Database,
  { platform, channel }: Pick<ThreadAddress, 'platform' | 'channel'>,
): Promise<void> {
  await db.transaction(async (trx) => {
    const { rows: posts } = await sql<{ threadId: string; key: string }>`
      with refused as (
        select p.id from posts p join threads h on h.id = p.thread_id
        where h.platform = ${platform} and h.channel = ${channel} and p.refused is not null and p.id > ${idBefore(agedDays)}
        order by p.id desc limit ${triedAgain})
      update posts set refused = null, shown = null from refused where posts.id = refused.id
      returning thread_id as "threadId", key`.execute(trx);
    if (posts.length === 0) return;
    const threads = [...new Set(posts.map(({ threadId }) => threadId))];
    const numbers = named(posts, 'task').map(Number);
    const answers = named(posts, 'inbox');
    const { rows: tasks } = await sql<{ id: string }>`
      delete from presented using tasks
      where presented.task_id = tasks.id and thread_id = any(${threads}) and number = any(${numbers})
      returning tasks.id`.execute(trx);
    await sql`update inbox set replied_at = null where id = any(${answers}::uuid[])`.execute(trx);
    await notify(trx, [
      ...tasks.map(({ id }): Wake => ['commander_task', id]),
      ...answers.map((id): Wake => ['commander_task', `inbox:${id}`]),
    ]);
  });
}

/** What the keys of posts say that they belong to: `task:<number>:…` or `inbox:<id>:…`. */
function named(posts: readonly { readonly key: string }[], kind: 'task' | 'inbox'): readonly string[] {
  const found = posts.flatMap(({ key }) => {
    const [of, name] = key.split(':');
    return of === kind && name !== undefined ? [name] : [];
  });
  return [...new Set(found)];
}

/** The first id that a row of so many days ago could have had: ids begin with their time (id.ts). */
function idBefore(days: number): string {
  const time = (Date.now() - days * 24 * 3600_000).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}
