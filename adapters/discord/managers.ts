import { type APIGuild, Routes } from 'discord.js';
import type { AdapterLog } from '#core/chat/platform.ts';
import type { Api } from './api.ts';
import { managesServer } from './people.ts';
import { createBeliefs } from './recent.ts';

/** Who may manage a server: interactions say it of who presses, messages and reactions say only the roles that he has. */
export interface Managers {
  /**
   * `undefined` where Discord never says: in a direct chat, and of what is read afterwards. When it can not be asked nobody does:
   * somebody may have lost it meanwhile, and the next event says it anew.
   */
  includes(
    guild: string | undefined,
    person: string,
    roles: readonly string[] | undefined,
  ): Promise<boolean | undefined>;
  /** Roles were changed: what is known may be wrong. */
  forget(): void;
}

type Known = Pick<APIGuild, 'owner_id' | 'roles'>;

export function createManagers({ rest }: Pick<Api, 'rest'>, log: AdapterLog): Managers {
  const guilds = createBeliefs<Known>();

  function look(guild: string): Promise<Known> {
    return guilds.keep(guild, rest.get(Routes.guild(guild)) as Promise<Known>);
  }

  /** The server's roles, with those that somebody has: one that is not known was made since. */
  async function rolesOf(guild: string, held: readonly string[]): Promise<Known> {
    const found = guilds.find(guild);
    if (found === undefined) return look(guild);
    const known = await found.value;
    return held.every((role) => known.roles.some(({ id }) => id === role)) ? known : look(guild);
  }

  return {
    async includes(guild, person, roles) {
      if (guild === undefined || roles === undefined) return undefined;
      try {
        const known = await rolesOf(guild, roles);
        const held = new Set([guild, ...roles]);
        return (
          known.owner_id === person ||
          known.roles.some(({ id, permissions }) => held.has(id) && managesServer(permissions))
        );
      } catch (error) {
        log.warn({ error, guild }, 'Discord does not say who may manage a server; who wrote counts as one who may not');
        return false;
      }
    },
    forget: guilds.forget,
  };
}
