import type { Block } from '../state/message.ts';

/** Something in a block that a person can use. */
export interface Element {
  readonly type: string;
  readonly action_id: string;
  readonly [field: string]: unknown;
}

export interface Found {
  readonly blockId: string;
  readonly element: Element;
}

/** What a person chose or wrote: a text, an option's value, a person's or file's id, or several of them. */
export type Choice = string | readonly string[];

/** Every element of blocks, in order. */
export function elementsOf(blocks: readonly Block[]): readonly Found[] {
  return blocks.flatMap((block) => actionable(block).map((element) => ({ blockId: block.block_id, element })));
}

/** @throws Error when there is no such element: names those that there are. */
export function findElement(blocks: readonly Block[], actionId: string): Found {
  const all = elementsOf(blocks);
  const found = all.find(({ element }) => element.action_id === actionId);
  if (found !== undefined) return found;
  throw new Error(
    `There is no ${actionId} to use, only: ${all.map(({ element }) => element.action_id).join(', ') || 'nothing'}`,
  );
}

function actionable(value: unknown): readonly Element[] {
  if (Array.isArray(value)) return value.flatMap(actionable);
  if (typeof value !== 'object' || value === null) return [];
  const own = 'action_id' in value && typeof value.action_id === 'string' ? [value as Element] : [];
  return [...own, ...Object.values(value).flatMap(actionable)];
}

/** The fields with which Slack says what was chosen, in actions and in the state of a view. */
export function chosen(element: Element, choice: Choice | undefined): Readonly<Record<string, unknown>> {
  const one = typeof choice === 'string' ? choice : choice?.[0];
  const several = choice === undefined ? [] : typeof choice === 'string' ? [choice] : choice;
  switch (element.type) {
    case 'static_select':
    case 'radio_buttons':
    case 'overflow':
      return { selected_option: one === undefined ? (element.initial_option ?? null) : optionOf(element, one) };
    case 'external_select':
      return { selected_option: one === undefined ? (element.initial_option ?? null) : freeOption(one) };
    case 'multi_static_select':
    case 'checkboxes':
      return {
        selected_options:
          choice === undefined ? (element.initial_options ?? []) : several.map((value) => optionOf(element, value)),
      };
    case 'users_select':
      return { selected_user: one ?? element.initial_user ?? null };
    case 'multi_users_select':
      return { selected_users: choice === undefined ? (element.initial_users ?? []) : several };
    case 'channels_select':
      return { selected_channel: one ?? element.initial_channel ?? null };
    case 'conversations_select':
      return { selected_conversation: one ?? element.initial_conversation ?? null };
    case 'datepicker':
      return { selected_date: one ?? element.initial_date ?? null };
    case 'timepicker':
      return { selected_time: one ?? element.initial_time ?? null };
    case 'datetimepicker':
      return { selected_date_time: one === undefined ? (element.initial_date_time ?? null) : Number(one) };
    default:
      return { value: one ?? element.initial_value ?? null };
  }
}

/** An option by its value. @throws Error when the menu has no such option. */
function optionOf(element: Element, value: string): unknown {
  const groups = (element.option_groups ?? []) as ReadonlyArray<{
    readonly options: readonly { readonly value: string }[];
  }>;
  const options = [
    ...((element.options ?? []) as readonly { readonly value: string }[]),
    ...groups.flatMap((group) => group.options),
  ];
  const found = options.find((option) => option.value === value);
  if (found !== undefined) return found;
  throw new Error(
    `${element.action_id} has no option ${value}, only: ${options.map((option) => option.value).join(', ')}`,
  );
}

function freeOption(value: string): unknown {
  return { text: { type: 'plain_text', text: value, emoji: true }, value };
}
