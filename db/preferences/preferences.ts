import { sql } from 'kysely';
import type { Choice, Holder, PreferenceName } from '#core/preferences/preference.ts';
import type { Database, Transaction } from '../database.ts';

/** What is to hold for a holder from now on, as whom; no value takes the choice back. */
export interface PreferenceChange {
  readonly holder: Holder;
  readonly name: PreferenceName;
  readonly value: string | undefined;
  readonly memberId: string;
}

/** Sets a choice or takes it back, and records who did it and what was chosen before. */
export async function changePreference(trx: Transaction, change: PreferenceChange): Promise<void> {
  const before = await remove(trx, change);
  const { holder, name, value, memberId } = change;
  if (value !== undefined) {
    await trx
      .insertInto('preferences')
      .values({ ...columnsOf(holder), name, value, set_by: memberId })
      // Somebody else chose at the same moment: the later one holds.
      .onConflict((conflict) =>
        conflict
          .columns(['member_id', 'project_id', 'platform', 'channel', 'name'])
          .doUpdateSet({ value, set_by: memberId, set_at: sql<Date>`now()` }),
      )
      .execute();
  }
  const deed = value === undefined ? 'preference.removed' : 'preference.set';
  const detail = JSON.stringify({ holder, name, value, before });
  await trx
    .insertInto('audit')
    .values({ member_id: memberId, deed, subject: subjectOf(holder), detail })
    .execute();
}

async function remove(trx: Transaction, { holder, name }: PreferenceChange): Promise<string | undefined> {
  const { member_id, project_id, platform, channel } = columnsOf(holder);
  const row = await trx
    .deleteFrom('preferences')
    .where('member_id', 'is not distinct from', member_id)
    .where('project_id', 'is not distinct from', project_id)
    .where('platform', 'is not distinct from', platform)
    .where('channel', 'is not distinct from', channel)
    .where('name', '=', name)
    .returning('value')
    .executeTakeFirst();
  return row?.value;
}

function columnsOf(holder: Holder) {
  return {
    holder: holder.kind,
    member_id: holder.kind === 'person' ? holder.memberId : null,
    project_id: holder.kind === 'project' ? holder.projectId : null,
    platform: holder.kind === 'channel' ? holder.platform : null,
    channel: holder.kind === 'channel' ? holder.channel : null,
  };
}

function subjectOf(holder: Holder): string {
  switch (holder.kind) {
    case 'person':
      return holder.memberId;
    case 'channel':
      return `${holder.platform}/${holder.channel}`;
    case 'project':
      return holder.projectId;
  }
}

/** Whose choices count for something: its person, its channel and its project, as far as it has them. */
export interface Place {
  readonly memberId?: string;
  readonly channel?: { readonly platform: string; readonly channel: string };
  readonly projectId?: string;
}

/** All that was chosen for a place's holders. */
export async function choicesAt({ kysely }: Pick<Database, 'kysely'>, place: Place): Promise<readonly Choice[]> {
  const { memberId = null, projectId = null, channel } = place;
  return choices(
    kysely,
    sql`select ${memberId}::uuid as member_id, ${projectId}::uuid as project_id,
      ${channel?.platform ?? null}::text as platform, ${channel?.channel ?? null}::text as channel`,
  );
}

/** All that was chosen for the requester, the channel and the project of a task. */
export async function choicesOfTask({ kysely }: Database, taskId: string): Promise<readonly Choice[]> {
  return choices(
    kysely,
    sql`select requester_id as member_id, project_id, platform, channel
      from tasks join threads on threads.id = tasks.thread_id where tasks.id = ${taskId}`,
  );
}

/** All that was chosen for who said a message, where it was said, and the project that it is about. */
export async function choicesOfMessage(
  { kysely }: Database,
  messageId: string,
  projectId?: string,
): Promise<readonly Choice[]> {
  return choices(
    kysely,
    sql`select member_id, ${projectId ?? null}::uuid as project_id, threads.platform, channel
      from inbox join threads on threads.id = inbox.thread_id where inbox.id = ${messageId}`,
  );
}

/** Each holder has an index of its own. */
async function choices(kysely: Database['kysely'], place: ReturnType<typeof sql>): Promise<readonly Choice[]> {
  const { rows } = await sql<Omit<Choice, 'setAt'> & { readonly setAt: Date }>`
    with place as (${place})
    select p.holder, p.name, p.value, members.name as "setBy", p.set_at as "setAt"
    from place cross join lateral (
      select * from preferences where member_id = place.member_id
      union all
      select * from preferences where project_id = place.project_id
      union all
      select * from preferences where platform = place.platform and channel = place.channel
    ) p join members on members.id = p.set_by`.execute(kysely);
  return rows.map((row) => ({ ...row, setAt: row.setAt.toISOString() }));
}
