import type { Database } from '../database.ts';

/** What people chose for a channel, by name; `agent`: the id of the coding agent that works on what is asked there. */
export type PreferenceName = 'agent';

/** A choice, with who made it and when. */
export interface Preference {
  readonly value: string;
  readonly setBy: string;
  readonly setAt: string;
}

interface Channel {
  readonly platform: string;
  readonly channel: string;
}

/** Sets what holds in a channel from now on. */
export async function setPreference(
  db: Database,
  { platform, channel }: Channel,
  { name, value, memberId }: { readonly name: PreferenceName; readonly value: string; readonly memberId: string },
): Promise<void> {
  const now = new Date();
  await db.kysely
    .insertInto('preferences')
    .values({ platform, channel, name, value, set_by: memberId, set_at: now })
    .onConflict((conflict) =>
      conflict.columns(['platform', 'channel', 'name']).doUpdateSet({ value, set_by: memberId, set_at: now }),
    )
    .execute();
}

/** Takes a choice back; nothing when there is none. */
export async function removePreference(
  db: Database,
  { platform, channel }: Channel,
  name: PreferenceName,
): Promise<void> {
  await db.kysely
    .deleteFrom('preferences')
    .where('platform', '=', platform)
    .where('channel', '=', channel)
    .where('name', '=', name)
    .execute();
}

/** What holds in the channel in which a message was said. */
export async function preferenceFor(
  db: Database,
  messageId: string,
  name: PreferenceName,
): Promise<Preference | undefined> {
  const row = await db.kysely
    .selectFrom('inbox')
    .innerJoin('threads', 'threads.id', 'inbox.thread_id')
    .innerJoin('preferences', (join) =>
      join.onRef('preferences.platform', '=', 'threads.platform').onRef('preferences.channel', '=', 'threads.channel'),
    )
    .innerJoin('members', 'members.id', 'preferences.set_by')
    .select(['value', 'members.name as set_by', 'set_at'])
    .where('inbox.id', '=', messageId)
    .where('preferences.name', '=', name)
    .executeTakeFirst();
  return row && { value: row.value, setBy: row.set_by, setAt: row.set_at.toISOString() };
}
