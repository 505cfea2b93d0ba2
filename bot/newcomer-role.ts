import type { Sender } from '#core/chat/adapter.ts';
import type { Role } from '#core/policy/roles.ts';

/**
 * The role of a person who was never seen before. The web chat has no accounts and listens on this machine alone: who can reach
 * it administers it. Elsewhere who administers the platform's place administers Commander there, any other newcomer may ask for
 * work, and an admin gives more.
 */
export function newcomerRole(platform: string, { administers }: Sender): Role {
  return platform === 'web' || administers === true ? 'admin' : 'requester';
}
