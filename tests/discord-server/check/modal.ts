import { z } from 'zod';
import { invalid } from '../refusal.ts';
import { otherSelect, stringSelect, textDisplay } from './components.ts';
import { everyComponent } from './tree.ts';

/* Forms (docs, Component Reference: Modal; 2026-08). */
const id = z.number().int().nullish();
const customId = z.string().min(1).max(100);
const length = z.number().int().min(0).max(4000).nullish();
const textInput = z.strictObject({
  type: z.literal(4),
  id,
  custom_id: customId,
  style: z.union([z.literal(1), z.literal(2)]),
  // Inside a label the label names it.
  label: z.string().max(45).nullish(),
  min_length: length,
  max_length: length,
  required: z.boolean().nullish(),
  value: z.string().max(4000).nullish(),
  placeholder: z.string().max(100).nullish(),
});
const fileUpload = z.strictObject({
  type: z.literal(19),
  id,
  custom_id: customId,
  min_values: z.number().int().min(0).max(10).nullish(),
  max_values: z.number().int().min(1).max(10).nullish(),
  required: z.boolean().nullish(),
});
const choice = z.strictObject({
  label: z.string().min(1).max(100),
  value: z.string().min(1).max(100),
  description: z.string().max(100).nullish(),
  default: z.boolean().nullish(),
});
const radio = z.strictObject({
  type: z.literal(21),
  id,
  custom_id: customId,
  required: z.boolean().nullish(),
  options: z.array(choice).min(2).max(10),
});
const checkboxes = z.strictObject({
  type: z.literal(22),
  id,
  custom_id: customId,
  min_values: z.number().int().min(0).max(10).nullish(),
  max_values: z.number().int().min(1).max(10).nullish(),
  required: z.boolean().nullish(),
  options: z.array(choice).min(1).max(10),
});
const checkbox = z.strictObject({ type: z.literal(23), id, custom_id: customId, default: z.boolean().nullish() });
const label = z.strictObject({
  type: z.literal(18),
  id,
  label: z.string().min(1).max(45),
  description: z.string().max(100).nullish(),
  component: z.discriminatedUnion('type', [
    textInput,
    stringSelect,
    otherSelect,
    fileUpload,
    radio,
    checkboxes,
    checkbox,
  ]),
});
/** The old way: a row with one text input that brings its own label. */
const row = z.strictObject({ type: z.literal(1), id, components: z.array(textInput).length(1) });

export const modal = z.strictObject({
  custom_id: customId,
  title: z.string().min(1).max(45),
  // Five (docs); Discord's machine-readable description says 40.
  components: z
    .array(z.discriminatedUnion('type', [label, row, textDisplay]))
    .min(1)
    .max(5),
});

/** Rules over the whole form. @throws Refusal */
export function checkModal({ components }: z.infer<typeof modal>): void {
  const ids = [...everyComponent(components)].flatMap(({ custom_id: one }) => (typeof one === 'string' ? [one] : []));
  if (new Set(ids).size !== ids.length) {
    throw invalid(['data', 'components'], 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated');
  }
}
