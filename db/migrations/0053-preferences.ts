import { type Kysely, sql } from 'kysely';

/** Preferences belong to a person, a channel or a project; until now only channels had one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table preferences
    drop constraint preferences_pkey,
    alter column platform drop not null,
    alter column channel drop not null,
    add column holder text not null default 'channel' check (holder in ('person', 'channel', 'project')),
    add column member_id uuid references members,
    add column project_id uuid references projects`,
  `alter table preferences
    alter column holder drop default,
    add constraint preferences_of_one check (
      (holder = 'channel') = (platform is not null) and (holder = 'channel') = (channel is not null)
      and (holder = 'person') = (member_id is not null) and (holder = 'project') = (project_id is not null))`,
  `create unique index preferences_once on preferences (member_id, project_id, platform, channel, name)
    nulls not distinct`,
  'create index preferences_project on preferences (project_id)',
  'create index preferences_channel on preferences (platform, channel)',
];
