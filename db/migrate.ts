import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import * as foundation from './migrations/0001-foundation.ts';
import * as platforms from './migrations/0002-platforms.ts';
import * as agents from './migrations/0003-agents.ts';
import * as asks from './migrations/0010-asks.ts';
import * as installations from './migrations/0020-installations.ts';
import * as arrivals from './migrations/0021-arrivals.ts';
import * as keptArrivals from './migrations/0021-kept-arrivals.ts';
import * as agentControl from './migrations/0040-agent-control.ts';
import * as mail from './migrations/0041-mail.ts';
import * as escalations from './migrations/0050-escalations.ts';
import * as openAsks from './migrations/0052-open-asks.ts';
import * as preferences from './migrations/0053-preferences.ts';
import * as firstRoles from './migrations/0056-first-roles.ts';
import * as questionLimits from './migrations/0062-question-limits.ts';
import * as noReminderColumns from './migrations/0063-no-reminder-columns.ts';
import * as outputs from './migrations/0065-outputs.ts';
import * as taskOrder from './migrations/0066-task-order.ts';
import * as routes from './migrations/0071-routes.ts';
import * as givenRoles from './migrations/0072-given-roles.ts';
import * as reminderTurns from './migrations/0074-reminder-turns.ts';
import * as inboxFilters from './migrations/0075-inbox-filters.ts';
import * as privacy from './migrations/0076-privacy.ts';
import * as pageKeys from './migrations/0077-page-keys.ts';
import * as fairIntake from './migrations/0080-fair-intake.ts';
import * as outsiders from './migrations/0084-outsiders.ts';
import * as mailOrder from './migrations/0086-mail-order.ts';
import * as rulesFrom from './migrations/0087-rules-from.ts';
import * as whoSees from './migrations/0087-who-sees.ts';
import * as arrivalsInOrder from './migrations/0088-arrivals-in-order.ts';
import * as editsInFlight from './migrations/0090-edits-in-flight.ts';
import * as interactions from './migrations/0095-interactions.ts';
import type { Schema } from './schema.ts';

/** Migrations by name; names sort in the order in which they run. */
const migrations = {
  '0001-foundation': foundation,
  '0002-platforms': platforms,
  '0003-agents': agents,
  '0010-asks': asks,
  '0020-installations': installations,
  '0021-arrivals': arrivals,
  '0021-kept-arrivals': keptArrivals,
  '0040-agent-control': agentControl,
  '0041-mail': mail,
  '0050-escalations': escalations,
  '0052-open-asks': openAsks,
  '0053-preferences': preferences,
  '0056-first-roles': firstRoles,
  '0062-question-limits': questionLimits,
  '0063-no-reminder-columns': noReminderColumns,
  '0065-outputs': outputs,
  '0066-task-order': taskOrder,
  '0071-routes': routes,
  '0072-given-roles': givenRoles,
  '0074-reminder-turns': reminderTurns,
  '0075-inbox-filters': inboxFilters,
  '0076-privacy': privacy,
  '0077-page-keys': pageKeys,
  '0080-fair-intake': fairIntake,
  '0084-outsiders': outsiders,
  '0086-mail-order': mailOrder,
  '0087-rules-from': rulesFrom,
  '0087-who-sees': whoSees,
  '0088-arrivals-in-order': arrivalsInOrder,
  '0090-edits-in-flight': editsInFlight,
  '0095-interactions': interactions,
};

/** The database is newer than this Commander, or a migration failed. */
export class MigrationFailed extends Error {
  readonly code = 'migration_failed';
}

/**
 * Brings the database to this version. Several processes may call it at once: Kysely's migrator takes an advisory lock.
 * @throws MigrationFailed with what to do.
 */
export async function migrate(kysely: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({
    db: kysely,
    provider: { getMigrations: async () => migrations },
    migrationTableSchema: 'commander',
    // Numbers are given to branches, not to days: one that lands later may be lower.
    allowUnorderedMigrations: true,
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === 'Error')?.migrationName;
  throw new MigrationFailed(
    `The database could not be brought to this version${failed === undefined ? '' : ` (migration ${failed})`}: ${String(error)}. ` +
      'If it was last used by a newer Commander, start that version; nothing was changed.',
    { cause: error },
  );
}
