import { type APIModalInteractionResponseCallbackData, ComponentType, TextInputStyle } from 'discord.js';
import type { Modal, ModalField } from '#core/chat/modal.ts';
import { cut } from '#core/text/cut.ts';
import { fileLimit, formFieldLimit, formLabelLimit, formTextLimit, optionLimit, optionTextLimit } from './limits.ts';

type FormComponent = APIModalInteractionResponseCallbackData['components'][number];

/** A form as Discord's modal. The plain sentences share its five places with the fields, which come first. */
export function drawForm(modal: Modal): APIModalInteractionResponseCallbackData {
  const fields = modal.fields.slice(0, formFieldLimit).map(drawField);
  const intro = modal.intro.join('\n');
  const hasRoom = intro !== '' && fields.length < formFieldLimit;
  const words: FormComponent[] = hasRoom
    ? [{ type: ComponentType.TextDisplay, content: cut(intro, formTextLimit / 2) }]
    : [];
  return { custom_id: modal.id, title: cut(modal.title, formLabelLimit), components: [...words, ...fields] };
}

function drawField(field: ModalField): FormComponent {
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

function options(
  given: ReadonlyArray<{ readonly value: string; readonly label: string }>,
  chosen: ReadonlySet<string>,
) {
  return given.slice(0, optionLimit).map(({ value, label }) => ({
    value: value.slice(0, optionTextLimit),
    label: cut(label, optionTextLimit),
    default: chosen.has(value),
  }));
}
