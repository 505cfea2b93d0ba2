import { everyComponent } from '../check/tree.ts';
import type { Discord } from '../discord.ts';
import { interactionType } from '../state/interaction.ts';
import type { Message } from '../state/message.ts';
import { type Answered, act, type By } from './act.ts';
import { userOf } from './speech.ts';

type Json = Readonly<Record<string, unknown>>;

/** A person presses a button. */
export function click(discord: Discord, message: Message, customId: string, by: Required<By>): Promise<Answered> {
  const button = component(discord, message, customId, by);
  if (button.type !== 2) throw new Error(`${customId} is no button`);
  return use(discord, message, { component_type: 2, custom_id: customId, id: button.id ?? 1 }, by);
}

/** A person chooses in a select; of users, roles and channels by id. */
export function select(
  discord: Discord,
  message: Message,
  customId: string,
  values: readonly string[],
  by: Required<By>,
): Promise<Answered> {
  const menu = component(discord, message, customId, by);
  checkChoice(menu, values);
  return use(discord, message, { component_type: menu.type, custom_id: customId, id: menu.id ?? 1, values }, by);
}

/** What a client lets a person choose. @throws Error */
export function checkChoice(menu: Json, values: readonly string[]): void {
  const options = menu.options as ReadonlyArray<{ readonly value: string }> | undefined;
  const unknown = values.find((value) => options !== undefined && !options.some((one) => one.value === value));
  if (unknown !== undefined) throw new Error(`${menu.custom_id} does not offer ${unknown}`);
  const { min_values: least = 1, max_values: most = 1 } = menu as { min_values?: number; max_values?: number };
  if (values.length < least || values.length > most)
    throw new Error(`${menu.custom_id} takes ${least} to ${most} values`);
}

function component({ world }: Discord, message: Message, customId: string, { user }: Required<By>): Json {
  if (!world.messages.has(message.id)) throw new Error('The message is no longer there');
  if (message.onlyFor !== undefined && message.onlyFor !== user)
    throw new Error('The person does not see this message');
  const found = [...everyComponent(message.components)].find((one) => one.custom_id === customId);
  if (found === undefined) throw new Error(`The message has no component ${customId}`);
  if (found.disabled === true) throw new Error(`${customId} is disabled`);
  return found;
}

function use(discord: Discord, message: Message, data: Json, { user }: Required<By>): Promise<Answered> {
  return act(discord, {
    type: interactionType.component,
    user: userOf(discord, user),
    channelId: message.channelId,
    data,
    message,
  });
}
