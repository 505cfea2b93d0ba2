import type { Sender } from '#core/chat/adapter.ts';
import { globalId } from './addresses.ts';
import type { ApiOf } from './workspaces.ts';

interface User {
  readonly name?: string;
  readonly real_name?: string;
  readonly is_admin?: boolean;
  readonly is_owner?: boolean;
  readonly profile?: { readonly display_name?: string; readonly real_name?: string };
}

export interface People {
  /** The person behind an id; a name that can not be looked up is the id, for only the id decides. */
  find(team: string, user: string): Promise<Sender>;
}

/** How long a name is believed, in milliseconds. */
const believedMs = 10 * 60_000;

/** People that are known by heart. */
const knownLimit = 2000;

export function createPeople(apiOf: ApiOf): People {
  const known = new Map<string, { readonly sender: Sender; readonly at: number }>();
  return {
    async find(team, user) {
      const externalId = globalId(team, user);
      const found = known.get(externalId);
      if (found !== undefined && Date.now() - found.at < believedMs) return found.sender;
      const asked = await apiOf(team)
        .call<{ readonly user: User }>('users.info', { user })
        .catch(() => undefined);
      if (asked === undefined) return { externalId, name: user };
      const { user: person } = asked;
      const name = person.profile?.display_name || person.profile?.real_name || person.real_name || person.name || user;
      const administers = person.is_admin === true || person.is_owner === true;
      const sender: Sender = { externalId, name, ...(administers ? { administers: true } : {}) };
      if (known.size > knownLimit) known.clear();
      known.set(externalId, { sender, at: Date.now() });
      return sender;
    },
  };
}
