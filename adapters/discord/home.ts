import { type APIInteraction, ApplicationIntegrationType, RESTJSONErrorCodes, Routes } from 'discord.js';
import { type Api, isCode } from './api.ts';
import { createBeliefs } from './recent.ts';

/**
 * Whom Commander works for: with DISCORD_GUILD the people of that one server, else those of every server that the bot was added to.
 * Anybody can add a public bot to a server of his own and administers it there, or add it to himself alone.
 */
export interface Home {
  /** Whether somebody is heard, by the server where he speaks; none: a direct chat. */
  hears(guild: string | undefined, person: string): Promise<boolean>;
  /** The same of an interaction, which also says whether the bot itself is there. */
  answers(interaction: APIInteraction): Promise<boolean>;
}

/** What is said to whom Commander does not work for. */
export const notAtHome =
  'Commander does not work for you here: whoever runs it names its server (DISCORD_GUILD), and adds the bot there. Nothing was started.';

export function createHome({ rest }: Pick<Api, 'rest'>, home: string | undefined): Home {
  /** Whether somebody is in the server: Discord does not tell when it changes. */
  const known = createBeliefs<boolean>();

  /** Asked once for all that somebody says meanwhile: it stays in its order. */
  function isMember(guild: string, person: string): Promise<boolean> {
    return known.find(person)?.value ?? known.keep(person, look(guild, person));
  }

  async function look(guild: string, person: string): Promise<boolean> {
    try {
      await rest.get(Routes.guildMember(guild, person));
      return true;
    } catch (error) {
      const unknown = [RESTJSONErrorCodes.UnknownMember, RESTJSONErrorCodes.UnknownUser];
      if (!unknown.some((code) => isCode(error, code))) throw error;
      return false;
    }
  }

  async function hears(guild: string | undefined, person: string): Promise<boolean> {
    if (home === undefined) return true;
    return guild === undefined ? isMember(home, person) : guild === home;
  }

  return {
    hears,
    async answers({ guild_id, authorizing_integration_owners: owners, member, user }) {
      // Added to a person alone it is in no server, and what Discord says of his rights is of a strange one.
      if (owners?.[ApplicationIntegrationType.GuildInstall] === undefined) return false;
      return hears(guild_id, (member?.user ?? user)?.id ?? '');
    },
  };
}
