import { createHash } from 'node:crypto';
import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type RESTGetAPICurrentUserGuildsResult,
  RESTJSONErrorCodes,
  type RESTPutAPIApplicationCommandsJSONBody,
  Routes,
} from 'discord.js';
import type { AdapterStore, CommandDescription, CommandOption } from '#core/chat/adapter.ts';
import { cut } from '#core/text/cut.ts';
import { type Api, isCode } from './api.ts';
import { commandLimit, optionLimit, optionTextLimit } from './limits.ts';
import { privateOption, whereOption, whereTypes } from './wish.ts';

/** The command that asks for work. */
export const taskCommand = 'task';

/** The command in a message's own menu. */
export const draftCommand = 'Make this a task';

/** `add project` is typed as `/add-project`. */
export function slashName(name: string): string {
  return name.replaceAll(' ', '-');
}

/** The whole command table as Discord's commands; asking in free words (`ask` of the table) is `/task`, which also takes a file. */
export function drawCommands(table: readonly CommandDescription[]): RESTPutAPIApplicationCommandsJSONBody {
  const contexts = [InteractionContextType.Guild, InteractionContextType.BotDM];
  // Of servers alone: who adds an application to himself brings it into servers that its bot is not in.
  const integration_types = [ApplicationIntegrationType.GuildInstall];
  const typed = table
    .filter(({ name }) => /^[a-z][a-z -]{0,31}$/.test(name) && name !== taskCommand && name !== 'ask')
    .slice(0, commandLimit - 1)
    .map(({ name, summary, options }) => ({
      type: ApplicationCommandType.ChatInput as const,
      name: slashName(name),
      description: cut(summary, optionTextLimit),
      contexts,
      integration_types,
      options: [...options].sort(requiredFirst).slice(0, optionLimit).map(drawOption),
    }));
  return [
    {
      type: ApplicationCommandType.ChatInput,
      name: taskCommand,
      description: 'Ask for work, in your own words',
      contexts,
      integration_types,
      options: [
        {
          type: ApplicationCommandOptionType.String,
          name: 'request',
          description: 'What to do: “run the tests in api”',
          required: true,
          autocomplete: true,
        },
        { type: ApplicationCommandOptionType.Attachment, name: 'file', description: 'A file that belongs to it' },
        {
          type: ApplicationCommandOptionType.Channel,
          name: whereOption,
          description: 'Where its thread is opened; in a forum it is a post. Without it here',
          channel_types: [...whereTypes],
        },
        {
          type: ApplicationCommandOptionType.Boolean,
          name: privateOption,
          description: 'In a private thread, which only you and whom you invite see',
        },
      ],
    },
    ...typed,
    {
      type: ApplicationCommandType.Message,
      name: draftCommand,
      contexts: [InteractionContextType.Guild],
      integration_types,
    },
  ];
}

/** Discord wants required options first. */
function requiredFirst(a: CommandOption, b: CommandOption): number {
  return Number(b.required) - Number(a.required);
}

function drawOption({ name, summary, kind, required, choices }: CommandOption): APIApplicationCommandBasicOption {
  const shared = { name, description: cut(summary, optionTextLimit), required };
  if (kind === 'number') return { ...shared, type: ApplicationCommandOptionType.Integer };
  if (choices !== undefined && choices.length <= optionLimit)
    return {
      ...shared,
      type: ApplicationCommandOptionType.String,
      choices: choices.map((choice) => ({ name: choice, value: choice })),
    };
  return { ...shared, type: ApplicationCommandOptionType.String, autocomplete: kind !== 'text' };
}

export interface Scope {
  readonly applicationId: string;
  /** The one server; absent: everywhere. */
  readonly guildId?: string;
}

/**
 * Declares the commands when they are not what was declared last (Discord allows 200 new ones a day), in one scope only: what
 * stands in others, from an earlier setting, is taken away, so that no command shows twice.
 */
export async function declareCommands(
  { rest }: Pick<Api, 'rest'>,
  store: AdapterStore,
  scope: Scope,
  table: readonly CommandDescription[],
): Promise<'declared' | 'unchanged'> {
  const { applicationId, guildId } = scope;
  const body = drawCommands(table);
  const hash = createHash('sha256').update(JSON.stringify({ scope, body })).digest('hex');
  if ((await store.get('commands')) === hash) return 'unchanged';
  const everywhere = Routes.applicationCommands(applicationId);
  const there = (guild: string) => Routes.applicationGuildCommands(applicationId, guild);
  await rest.put(guildId === undefined ? everywhere : there(guildId), { body });
  if (guildId !== undefined) await empty(rest, everywhere);
  const guilds = (await rest.get(Routes.userGuilds())) as RESTGetAPICurrentUserGuildsResult;
  for (const { id } of guilds) if (id !== guildId) await empty(rest, there(id));
  await store.set('commands', hash);
  return 'declared';
}

async function empty(rest: Api['rest'], route: `/${string}`): Promise<void> {
  try {
    const found = (await rest.get(route)) as readonly unknown[];
    if (found.length > 0) await rest.put(route, { body: [] });
  } catch (error) {
    // A server that the bot was added to without commands has none.
    if (!isCode(error, RESTJSONErrorCodes.MissingAccess)) throw error;
  }
}
