import type { InputBlock, ModalView, PlainTextElement, PlainTextOption, RichTextBlock } from '@slack/types';
import type { Modal, ModalField, ModalOption } from '#core/chat/modal.ts';
import { cut } from '#core/text/cut.ts';
import {
  actionIdLimit,
  buttonTextLimit,
  checkboxLimit,
  fileFieldLimit,
  formIdLimit,
  formLabelLimit,
  formTextLimit,
  formTitleLimit,
  groupedLimit,
  menuLimit,
  optionValueLimit,
  placeLimit,
  viewBlockLimit,
  viewSizeLimit,
} from './limits.ts';
import { words } from './rich-text.ts';

/**
 * A form as Slack's modal. `place` comes back with the submission. What has no room in it is said.
 * @throws RangeError when its id or place is longer than Slack carries; cut they would lead elsewhere
 */
export function drawForm(modal: Modal, place: string): ModalView {
  if (modal.id.length > formIdLimit || place.length > placeLimit)
    throw new RangeError(`The form “${modal.title}” can not be opened: Slack does not carry so long an id or place.`);
  const known = modal.fields.filter(hasRoom);
  const sentences = [...modal.intro, ...modal.fields.flatMap(cutWords)].filter((sentence) => sentence !== '');
  const intro = sentences.slice(0, introLimit).map(sentenceBlock);
  const fields = fitting(known.map(drawField), intro);
  const missing = known.length - fields.length;
  return {
    type: 'modal',
    callback_id: modal.id,
    private_metadata: place,
    title: { type: 'plain_text', text: cut(modal.title, formTitleLimit) },
    close: { type: 'plain_text', text: fields.length === 0 ? 'Close' : 'Cancel' },
    ...(fields.length === 0 ? {} : { submit: { type: 'plain_text', text: cut(modal.submit, formTitleLimit) } }),
    blocks: [
      ...intro,
      ...fields,
      ...(missing === 0 ? [] : [sentenceBlock(`${missing} more can not be filled in here: say them in the thread.`)]),
    ],
  };
}

/** Sentences above the fields. */
const introLimit = 20;

function sentenceBlock(sentence: string): RichTextBlock {
  const elements = words(cut(sentence, formTextLimit));
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

/** Bytes and blocks around the fields: the title, what it carries, and the sentence about what is missing. */
const around = { bytes: 10_000, blocks: 1 };

/** The first fields, as many as there is room for. */
function fitting(fields: readonly InputBlock[], intro: readonly RichTextBlock[]): readonly InputBlock[] {
  let bytes = viewSizeLimit - around.bytes - Buffer.byteLength(JSON.stringify(intro));
  const all = intro.length + fields.length <= viewBlockLimit;
  const most = viewBlockLimit - intro.length - (all ? 0 : around.blocks);
  const end = fields.findIndex((field, index) => {
    bytes -= Buffer.byteLength(JSON.stringify(field)) + 1;
    return index >= most || bytes < 0;
  });
  return end < 0 ? fields : fields.slice(0, end);
}

/** Says of a field that Slack has no room for it, or for all its options. */
function cutWords(field: ModalField): readonly string[] {
  if (field.name.length > actionIdLimit) return [`${field.label} can not be filled in here.`];
  if (field.kind !== 'select' && field.kind !== 'checkboxes') return [];
  const most = field.kind === 'select' ? groupedLimit : menuLimit;
  const missing = field.options.length - offered(field.options).slice(0, most).length;
  return missing > 0 ? [`${field.label}: ${missing} of ${field.options.length} can not be chosen here.`] : [];
}

/** A value comes back as it was given or not at all: a shortened one would mean something else. */
function offered(options: readonly ModalOption[]): readonly ModalOption[] {
  return options.filter(({ value }) => value.length <= optionValueLimit && value !== '');
}

/** Slack takes no menu without an option, and a name is its field's id. */
function hasRoom(field: ModalField): boolean {
  if (field.name.length > actionIdLimit) return false;
  return (field.kind !== 'select' && field.kind !== 'checkboxes') || offered(field.options).length > 0;
}

function drawField(field: ModalField): InputBlock {
  const shared = {
    type: 'input' as const,
    block_id: field.name,
    label: { type: 'plain_text' as const, text: cut(field.label, formLabelLimit) || '·' },
  };
  switch (field.kind) {
    case 'text':
      return {
        ...shared,
        optional: field.optional === true,
        ...(field.hint === undefined
          ? {}
          : { hint: { type: 'plain_text', text: cut(field.hint, formLabelLimit) || '·' } }),
        element: {
          type: 'plain_text_input',
          action_id: field.name,
          multiline: field.multiline === true,
          max_length: formTextLimit,
          ...(field.value === undefined || field.value === ''
            ? {}
            : { initial_value: cut(field.value, formTextLimit) }),
        },
      };
    case 'select': {
      const options = offered(field.options).slice(0, groupedLimit).map(drawOption);
      const chosen = options.find(({ value }) => value === field.value);
      return {
        ...shared,
        element: {
          type: 'static_select',
          action_id: field.name,
          ...(options.length > menuLimit ? { option_groups: grouped(options) } : { options }),
          ...(chosen === undefined ? {} : { initial_option: chosen }),
        },
      };
    }
    case 'checkboxes': {
      const possible = offered(field.options);
      const many = possible.length > checkboxLimit;
      const options = possible.slice(0, menuLimit).map(drawOption);
      const chosen = options.filter(({ value }) => value !== undefined && field.values.includes(value));
      const given = { action_id: field.name, options, ...(chosen.length === 0 ? {} : { initial_options: chosen }) };
      return {
        ...shared,
        optional: true,
        element: many ? { type: 'multi_static_select', ...given } : { type: 'checkboxes', ...given },
      };
    }
    case 'file':
      return {
        ...shared,
        optional: field.optional === true,
        element: { type: 'file_input', action_id: field.name, max_files: fileFieldLimit },
      };
  }
}

/** Too many options for one list, in groups that are called after their first and last. */
function grouped(options: readonly PlainTextOption[]): { label: PlainTextElement; options: PlainTextOption[] }[] {
  return Array.from({ length: Math.ceil(options.length / menuLimit) }, (_, index) => {
    const part = options.slice(index * menuLimit, (index + 1) * menuLimit);
    const words = [part[0], part.at(-1)].map((each) => cut(each?.text.text ?? '', buttonTextLimit / 2 - 2));
    return { label: { type: 'plain_text', text: words.join(' – ') }, options: part };
  });
}

function drawOption({ value, label }: ModalOption): PlainTextOption {
  return {
    text: { type: 'plain_text', text: cut(label, buttonTextLimit) || '·' },
    value,
  };
}
