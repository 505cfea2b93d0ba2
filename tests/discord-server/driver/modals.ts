import { everyComponent } from '../check/tree.ts';
import type { Discord } from '../discord.ts';
import { interactionType, type Modal } from '../state/interaction.ts';
import { attachmentJson } from '../wire.ts';
import { type Answered, act } from './act.ts';
import { checkChoice } from './components.ts';
import { ephemeralFile } from './files.ts';
import type { NewFile } from './speech.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a person gives for a field: a text, choices, a tick or files. */
export type FormValue = string | boolean | readonly string[] | readonly NewFile[];

/** A person sends a form; values by `custom_id`. The client refuses what the form does not take. */
export function submitModal(
  discord: Discord,
  modal: Modal,
  values: Readonly<Record<string, FormValue>>,
): Promise<Answered> {
  const { interaction } = modal;
  const fields = [...everyComponent(modal.components)].filter(({ custom_id: id }) => typeof id === 'string');
  const unknown = Object.keys(values).find((id) => !fields.some((field) => field.custom_id === id));
  if (unknown !== undefined) throw new Error(`The form has no field ${unknown}`);
  const files: Record<string, Json> = {};
  const number = (component: Json, index: number): Json => ({ type: component.type, id: component.id ?? index + 1 });
  const filled = (field: Json): Json => ({
    ...number(field, fields.indexOf(field)),
    custom_id: field.custom_id,
    ...fill(discord, field, values[String(field.custom_id)], interaction.channelId, files),
  });
  const components = modal.components.map((component, index): Json => {
    if (component.type === 18) return { ...number(component, index), component: filled(component.component as Json) };
    if (component.type === 1)
      return { ...number(component, index), components: (component.components as Json[]).map(filled) };
    return number(component, index);
  });
  return act(discord, {
    type: interactionType.modal,
    user: interaction.user,
    channelId: interaction.channelId,
    data: {
      custom_id: modal.customId,
      components,
      resolved: Object.keys(files).length > 0 ? { attachments: files } : {},
    },
    ...(interaction.message !== undefined && { message: interaction.message }),
  });
}

function fill(
  discord: Discord,
  field: Json,
  given: FormValue | undefined,
  channelId: string,
  files: Record<string, Json>,
): Json {
  const required = field.required !== false;
  if (field.type === 4) return { value: text(field, given ?? field.value ?? '', required) };
  if (field.type === 23) return { value: given === true };
  if (field.type === 21) {
    const value = typeof given === 'string' ? given : null;
    if (value === null && required) throw new Error(`${field.custom_id} is required`);
    return { value };
  }
  const list = (given ?? []) as readonly (string | NewFile)[];
  if (!Array.isArray(list)) throw new Error(`${field.custom_id} takes a list`);
  if (list.length === 0 && !required) return { values: [] };
  if (field.type !== 19) checkChoice(field, list as readonly string[]);
  else if (list.length > Number(field.max_values ?? 1)) throw new Error(`${field.custom_id} takes fewer files`);
  return {
    values: list.map((one) => {
      if (typeof one === 'string') return one;
      const attachment = ephemeralFile(discord, channelId, one);
      files[attachment.id] = attachmentJson(discord.cdn, attachment);
      return attachment.id;
    }),
  };
}

function text(field: Json, given: unknown, required: boolean): string {
  if (typeof given !== 'string') throw new Error(`${field.custom_id} takes a text`);
  const least = Number(field.min_length ?? (required ? 1 : 0));
  const most = Number(field.max_length ?? 4000);
  if ((given.length < least && (required || given !== '')) || given.length > most) {
    throw new Error(`${field.custom_id} takes ${least} to ${most} characters`);
  }
  return given;
}
