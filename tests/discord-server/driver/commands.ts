import type { Discord } from '../discord.ts';
import { permission } from '../permissions.ts';
import { channelType } from '../state/channel.ts';
import type { Command } from '../state/command.ts';
import { interactionType } from '../state/interaction.ts';
import type { Message } from '../state/message.ts';
import { permissionsIn } from '../state/world.ts';
import { attachmentJson, messageJson } from '../wire.ts';
import { type Answered, act, type By } from './act.ts';
import { ephemeralFile } from './files.ts';
import { channelOf, type NewFile, userOf } from './speech.ts';

type Json = Readonly<Record<string, unknown>>;

/** The value of an option: as typed, or a file; users, channels and roles by id. */
export type Given = string | number | boolean | NewFile;

export interface Autocompleted {
  readonly acknowledged: boolean;
  readonly choices: ReadonlyArray<{ readonly name: string; readonly value: string | number }>;
}

interface OptionShape {
  readonly name: string;
  readonly type: number;
  readonly required?: boolean | null;
  readonly autocomplete?: boolean | null;
  readonly channel_types?: readonly number[] | null;
  readonly choices?: ReadonlyArray<{ readonly value: string | number }> | null;
  readonly min_length?: number | null;
  readonly max_length?: number | null;
  readonly options?: readonly OptionShape[] | null;
}

/** A person sends a slash command; the client refuses what does not fit its registration. */
export function slash(
  discord: Discord,
  name: string,
  options: Readonly<Record<string, Given>>,
  by: Required<By>,
): Promise<Answered> {
  const path = resolve(discord, name, by);
  const missing = path.options.find((one) => one.required === true && options[one.name] === undefined);
  if (missing !== undefined) throw new Error(`/${name} needs ${missing.name}`);
  const files: Record<string, Json> = {};
  const values = Object.entries(options).map(([option, given]) =>
    optionValue(discord, path.options, option, given, by.channel, files),
  );
  const named = values.flatMap(({ type, value }) => (type === 7 ? [String(value)] : []));
  const resolved = {
    ...(Object.keys(files).length > 0 && { attachments: files }),
    ...(named.length > 0 && {
      channels: Object.fromEntries(named.map((id) => [id, resolvedChannel(discord, id, by)])),
    }),
  };
  return act(discord, {
    type: interactionType.command,
    user: userOf(discord, by.user),
    channelId: by.channel,
    data: { ...path.data(values), ...(Object.keys(resolved).length > 0 && { resolved }) },
  });
}

/** A channel as an option's value carries it (docs, Resolved Data: partial channels). */
function resolvedChannel(discord: Discord, id: string, by: Required<By>): Json {
  const { world } = discord;
  const channel = channelOf(discord, id);
  return {
    id,
    name: channel.name,
    type: channelType(channel),
    permissions: String(permissionsIn(world, channel, by.user)),
    app_permissions: String(permissionsIn(world, channel, world.bot.id)),
  };
}

/** A person types an option; one of `typed` is the one that has the cursor. */
export async function autocomplete(
  discord: Discord,
  name: string,
  typed: Readonly<Record<string, string>>,
  options: Readonly<Record<string, Given>>,
  by: Required<By>,
): Promise<Autocompleted> {
  const path = resolve(discord, name, by);
  const [[focused, text]] = Object.entries(typed) as [[string, string]];
  const shape = path.options.find((one) => one.name === focused);
  if (shape?.autocomplete !== true) throw new Error(`/${name} does not complete ${focused}`);
  const others = Object.entries(options).map(([option, given]) =>
    optionValue(discord, path.options, option, given, by.channel, {}),
  );
  const { interaction, acknowledged } = await act(discord, {
    type: interactionType.autocomplete,
    user: userOf(discord, by.user),
    channelId: by.channel,
    data: path.data([...others, { name: focused, type: shape.type, value: text, focused: true }]),
  });
  return { acknowledged, choices: interaction.shown?.kind === 'choices' ? interaction.shown.choices : [] };
}

/** A person uses a command of a message's menu. */
export function contextMenu(discord: Discord, message: Message, name: string, by: Required<By>): Promise<Answered> {
  const command = registered(discord, name, 3);
  return act(discord, {
    type: interactionType.command,
    user: userOf(discord, by.user),
    channelId: message.channelId,
    data: {
      ...dataOf(command),
      target_id: message.id,
      resolved: { messages: { [message.id]: messageJson(discord.world, discord.cdn, message) } },
    },
  });
}

function registered({ commands }: Discord, name: string, type: Command['type']): Command {
  const found = [...commands.guild.values(), ...commands.global.values()].filter(
    (one) => one.name === name && one.type === type,
  );
  const [command] = found;
  if (command === undefined) throw new Error(`No command ${name} of type ${type} is registered`);
  if (found.length > 1) throw new Error(`The command ${name} is registered twice: people see both`);
  return command;
}

function dataOf({ id, name, type, guildId }: Command): Json {
  return { id, name, type, ...(guildId !== undefined && { guild_id: guildId }) };
}

/** Follows `add project` to the command `add` and its subcommand. */
function resolve(discord: Discord, words: string, by: Required<By>) {
  const [first = '', ...rest] = words.split(' ');
  const command = registered(discord, first, 1);
  const channel = channelOf(discord, by.channel);
  if (
    channel.guildId !== undefined &&
    (permissionsIn(discord.world, channel, by.user) & permission.useApplicationCommands) === 0n
  ) {
    throw new Error('The person may not use commands there');
  }
  const nesting: OptionShape[] = [];
  let options = (command.body.options ?? []) as readonly OptionShape[];
  for (const word of rest) {
    const next = options.find((one) => one.name === word && one.type <= 2);
    if (next === undefined) throw new Error(`/${words} is not registered`);
    nesting.push(next);
    options = next.options ?? [];
  }
  if (options.some(({ type }) => type <= 2)) throw new Error(`/${words} has subcommands: name one`);
  return {
    options,
    data(values: readonly Json[]): Json {
      const nested = nesting.reduceRight<readonly Json[]>(
        (inner, { name, type }) => [{ name, type, options: inner }],
        values,
      );
      return { ...dataOf(command), options: nested };
    },
  };
}

function optionValue(
  discord: Discord,
  shapes: readonly OptionShape[],
  name: string,
  given: Given,
  channelId: string,
  files: Record<string, Json>,
): Json {
  const shape = shapes.find((one) => one.name === name);
  if (shape === undefined) throw new Error(`The command has no option ${name}`);
  if (typeof given === 'object') {
    if (shape.type !== 11) throw new Error(`The option ${name} takes no file`);
    const attachment = ephemeralFile(discord, channelId, given);
    files[attachment.id] = attachmentJson(discord.cdn, attachment);
    return { name, type: shape.type, value: attachment.id };
  }
  if (shape.type === 7 && typeof given === 'string') {
    const type = channelType(channelOf(discord, given));
    if (shape.channel_types?.includes(type) === false)
      throw new Error(`The option ${name} takes no channel of type ${type}`);
  }
  const wanted = { 3: 'string', 4: 'number', 5: 'boolean', 10: 'number' }[shape.type] ?? 'string';
  if (typeof given !== wanted) throw new Error(`The option ${name} takes a ${wanted}`);
  if (shape.choices?.length && !shape.choices.some(({ value }) => value === given)) {
    throw new Error(`The option ${name} has no choice ${given}`);
  }
  const length = String(given).length;
  if (shape.type === 3 && (length > (shape.max_length ?? 6000) || length < (shape.min_length ?? 0))) {
    throw new Error(`The option ${name} cannot have ${length} characters`);
  }
  return { name, type: shape.type, value: given };
}
