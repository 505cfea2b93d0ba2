import {
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  TextInputStyle,
} from 'discord.js';
import type { Modal, ModalField, ModalOption } from '#core/chat/modal.ts';
import { cut } from '#core/text/cut.ts';
import { fileLimit, formFieldLimit, formLabelLimit, formTextLimit, optionLimit, optionTextLimit } from './limits.ts';

/**
 * A form as Discord's modal. The plain sentences share its five places with the fields, which come first; where these take all of
 * them, the sentences stand with one of the fields.
 */
export function drawForm(modal: Modal): APIModalInteractionResponseCallbackData {
  const fields = modal.fields.slice(0, formFieldLimit).map(drawField);
  const intro = modal.intro.join('\n');
  const frame = { custom_id: modal.id, title: cut(modal.title, formLabelLimit) };
  if (intro === '') return { ...frame, components: fields };
  if (fields.length === formFieldLimit) return { ...frame, components: introduced(fields, intro) };
  const words = { type: ComponentType.TextDisplay, content: cut(intro, formTextLimit / 2) } as const;
  return { ...frame, components: [words, ...fields] };
}

/** Fields with the sentences in the first description that is free, else before the first one. */
function introduced(fields: readonly APILabelComponent[], intro: string): APILabelComponent[] {
  const free = fields.findIndex(({ description }) => description === undefined);
  return fields.map((field, index) => {
    if (index !== Math.max(0, free)) return field;
    return { ...field, description: cut([intro, field.description ?? ''].join(' ').trim(), optionTextLimit) };
  });
}

function drawField(field: ModalField): APILabelComponent {
  const label = cut(field.label, formLabelLimit);
  switch (field.kind) {
    case 'text':
      return {
        type: ComponentType.Label,
        label,
        ...(field.hint === undefined ? {} : { description: cut(field.hint, optionTextLimit) }),
        component: {
          type: ComponentType.TextInput,
          custom_id: field.name,
          style: field.multiline === true ? TextInputStyle.Paragraph : TextInputStyle.Short,
          required: field.optional !== true,
          max_length: formTextLimit,
          ...(field.value === undefined || field.value === '' ? {} : { value: cut(field.value, formTextLimit) }),
        },
      };
    case 'select':
      return {
        type: ComponentType.Label,
        label,
        ...cutWords(field.options),
        component: {
          type: ComponentType.StringSelect,
          custom_id: field.name,
          options: options(field.options, new Set(field.value === undefined ? [] : [field.value])),
        },
      };
    case 'checkboxes': {
      const drawn = options(field.options, new Set(field.values));
      return {
        type: ComponentType.Label,
        label,
        ...cutWords(field.options),
        component: {
          type: ComponentType.StringSelect,
          custom_id: field.name,
          options: drawn,
          min_values: 0,
          max_values: drawn.length,
          required: false,
        },
      };
    }
    case 'file':
      return {
        type: ComponentType.Label,
        label,
        component: {
          type: ComponentType.FileUpload,
          custom_id: field.name,
          required: field.optional !== true,
          max_values: fileLimit,
        },
      };
  }
}

/** Options that a menu has room for, the chosen ones among them: a value comes back as it was given or not at all. */
function offered(given: readonly ModalOption[], chosen: ReadonlySet<string>): readonly ModalOption[] {
  const possible = given.filter(({ value }) => value.length <= optionTextLimit);
  const late = possible.slice(optionLimit).filter(({ value }) => chosen.has(value));
  return [...possible.slice(0, optionLimit - late.length), ...late].slice(0, optionLimit);
}

function options(given: readonly ModalOption[], chosen: ReadonlySet<string>) {
  return offered(given, chosen).map(({ value, label }) => ({
    value,
    label: cut(label, optionTextLimit),
    default: chosen.has(value),
  }));
}

/** Says of a menu that it has no room for all its options. */
function cutWords(given: readonly ModalOption[]): { description?: string } {
  const missing = given.length - offered(given, new Set()).length;
  return missing === 0 ? {} : { description: `${missing} more can not be chosen here: say it in words.` };
}
