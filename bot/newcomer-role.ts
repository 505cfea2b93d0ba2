import type { Sender } from '#core/chat/adapter.ts';
import type { Role } from '#core/policy/roles.ts';
import type { Database } from '#db/database.ts';
import { ensureMember } from '#db/intake/inbox.ts';
import type { Actor } from '#db/tasks/change-task.ts';

/**
 * The role of a person to whom nobody gave one. The web chat has no accounts and listens on this machine alone: who can reach
 * it administers it. Elsewhere who administers the platform's place administers Commander there, guests may look, any other newcomer
 * may ask for work, and an admin gives more.
 */
export function newcomerRole(platform: string, { administers, isGuest }: Sender): Role {
  if (platform === 'web' || administers === true) return 'admin';
  return isGuest === true ? 'viewer' : 'requester';
}

/** The member that somebody of a platform is, made now if he was never seen before. */
export function actorFrom({ kysely }: Pick<Database, 'kysely'>, platform: string, sender: Sender): Promise<Actor> {
  return ensureMember(kysely, platform, sender, newcomerRole(platform, sender));
}
