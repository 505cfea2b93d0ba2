import { randomUUID } from 'node:crypto';
import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { AdapterStore } from '#core/chat/adapter.ts';
import { fieldShape } from './envelopes.ts';

/**
 * Forms in which something was wrong, as they were filled in. Slack shows a problem in the form only when it is told within 3 s; later
 * the form is closed, and a button opens it again.
 */
export interface KeptForms {
  /** The action of a button that opens it again; `undefined` when it is no form that could be. */
  keep(person: string, view: unknown): Promise<string | undefined>;
  /** The form that an action opens; `undefined` when it is not known any more. */
  again(person: string, action: string): Promise<ModalView | undefined>;
}

const againSign = 'again:';

/** Whether a press is on a button that opens a form again. */
export function isAgain(action: string): boolean {
  return action.startsWith(againSign);
}

const element = z.looseObject({ type: z.string(), action_id: z.string() });
const input = z.looseObject({ type: z.literal('input'), block_id: z.string(), element });
const block = z.union([input, z.looseObject({ type: z.string() })]);
const words = z.looseObject({ type: z.literal('plain_text'), text: z.string() });

/** What is the form's own of what Slack sends of it. */
const formShape = z.object({
  type: z.literal('modal'),
  callback_id: z.string(),
  private_metadata: z.string(),
  title: words,
  close: words.nullish().transform((value) => value ?? undefined),
  submit: words.nullish().transform((value) => value ?? undefined),
  blocks: z.array(block),
});
const submittedShape = formShape.extend({
  state: z.looseObject({ values: z.record(z.string(), z.record(z.string(), z.unknown())) }),
});
const keptShape = z.object({ id: z.string(), view: formShape });

export function createKeptForms(store: AdapterStore): KeptForms {
  // One a person: whoever fills in another one has left this.
  const keyOf = (person: string) => `form:${person}`;
  return {
    async keep(person, view) {
      const submitted = submittedShape.safeParse(view);
      if (!submitted.success) return undefined;
      const { state, ...form } = submitted.data;
      const id = randomUUID();
      const blocks = form.blocks.map((each) => withValue(each, state.values));
      await store.set(keyOf(person), { id, view: { ...form, blocks } });
      return `${againSign}${id}`;
    },
    async again(person, action) {
      const kept = keptShape.safeParse(await store.get(keyOf(person)));
      if (!kept.success || kept.data.id !== action.slice(againSign.length)) return undefined;
      return kept.data.view as ModalView;
    },
  };
}

/** A field as it was filled in. Files can not be filled in before: they are chosen again. */
function withValue(
  given: z.infer<typeof block>,
  values: z.infer<typeof submittedShape>['state']['values'],
): z.infer<typeof block> {
  const found = input.safeParse(given);
  if (!found.success || found.data.element.type === 'file_input') return given;
  const { initial_value, initial_option, initial_options, ...bare } = found.data.element;
  const { block_id } = found.data;
  const filled = fieldShape.safeParse(values[block_id]?.[bare.action_id]);
  if (!filled.success) return given;
  const { value, selected_option, selected_options = [] } = filled.data;
  return {
    ...found.data,
    element: {
      ...bare,
      ...(value ? { initial_value: value } : {}),
      ...(selected_option ? { initial_option: selected_option } : {}),
      ...(selected_options.length > 0 ? { initial_options: selected_options } : {}),
    },
  };
}
