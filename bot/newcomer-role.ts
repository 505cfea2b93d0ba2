import type { Role } from '#core/policy/roles.ts';

/**
 * The role of a person who was never seen before. The web chat has no accounts and listens on this machine alone: who can reach
 * it administers it. Elsewhere a newcomer may ask for work, and an admin gives more.
 */
export function newcomerRole(platform: string): Role {
  return platform === 'web' ? 'admin' : 'requester';
}
