import type { Sender } from '#core/chat/adapter.ts';
import { globalId } from './addresses.ts';
import { isPassing, slackError } from './failures.ts';
import { within } from './insist.ts';
import type { ApiOf } from './workspaces.ts';

interface User {
  readonly name?: string;
  readonly real_name?: string;
  readonly is_admin?: boolean;
  readonly is_owner?: boolean;
  /** A guest of several channels, or of one. */
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  /** From another organisation; of who is met in a shared channel (Slack Connect) only `team_id` says it (docs, user object). */
  readonly is_stranger?: boolean;
  readonly team_id?: string;
  /** An organisation (Enterprise Grid): all of its workspaces that the person is in. */
  readonly enterprise_user?: { readonly teams?: readonly string[] };
  readonly profile?: { readonly display_name?: string; readonly real_name?: string };
}

export interface People {
  /**
   * The person behind an id; where Slack does not say his name it is the id, for only the id decides.
   * @param patienceMs how long Slack is waited for
   * @throws when Slack is away and he was never seen: a newcomer's role follows from what Slack says of him
   */
  find(team: string, user: string, patienceMs?: number): Promise<Sender>;
  /** The same as Slack says it at this moment, for what decides something; where it is away, what it said within ten minutes. */
  now(team: string, user: string): Promise<Sender>;
}

/** How long a name is believed, in milliseconds. */
const believedMs = 10 * 60_000;

/** People that are known by heart. */
const knownLimit = 2000;

/** How long Slack is waited for where nobody does, in milliseconds. */
const calmMs = 15_000;

/** The same where a person pressed something, who has to be answered within 3 s. */
export const briefMs = 1000;

export function createPeople(apiOf: ApiOf): People {
  const known = new Map<string, { readonly sender: Sender; readonly at: number }>();

  async function ask(team: string, user: string): Promise<Sender> {
    const externalId = globalId(team, user);
    const { user: person } = await apiOf(team).call<{ readonly user: User }>('users.info', { user });
    const name = person.profile?.display_name || person.profile?.real_name || person.real_name || person.name || user;
    const administers = person.is_admin === true || person.is_owner === true;
    const sender: Sender = {
      ...{ externalId, name },
      ...(isGuest(team, person) ? { isGuest: true } : { administers }),
    };
    if (known.size > knownLimit) known.clear();
    known.set(externalId, { sender, at: Date.now() });
    return sender;
  }

  /** Asks; where that fails `before` holds, if there is one. */
  async function askOr(before: Sender | undefined, team: string, user: string, patienceMs: number): Promise<Sender> {
    try {
      return await within(patienceMs, ask(team, user));
    } catch (error) {
      // Slack does not know everybody whom it lets speak in a shared channel.
      const isUnseen = unseen.has(slackError(error) ?? '');
      if (before !== undefined && !isUnseen) return before;
      if (isPassing(error)) throw error;
      return { externalId: globalId(team, user), name: user, ...(isUnseen ? { isGuest: true } : {}) };
    }
  }

  /** What is known of a person, and whether that is believed still. */
  function knownOf(team: string, user: string) {
    const found = known.get(globalId(team, user));
    return { sender: found?.sender, isBelieved: found !== undefined && Date.now() - found.at < believedMs };
  }

  return {
    async find(team, user, patienceMs = calmMs) {
      const { sender, isBelieved } = knownOf(team, user);
      return sender !== undefined && isBelieved ? sender : askOr(sender, team, user, patienceMs);
    },
    async now(team, user) {
      const { sender, isBelieved } = knownOf(team, user);
      return askOr(isBelieved ? sender : undefined, team, user, briefMs);
    },
  };
}

/** What Slack says of somebody whom the bot may not see (docs, errors of `users.info`). */
const unseen: ReadonlySet<string> = new Set(['user_not_found', 'user_not_visible']);

/** Whether a person of a workspace is a guest in it, or comes from another one: an admin there is none here. */
function isGuest(team: string, person: User): boolean {
  const { is_restricted, is_ultra_restricted, is_stranger, team_id = team, enterprise_user } = person;
  const isElsewhere = team_id !== team && enterprise_user?.teams?.includes(team) !== true;
  return is_restricted === true || is_ultra_restricted === true || is_stranger === true || isElsewhere;
}
