import { z } from 'zod';

/*
 * Components as messages send them (docs, Component Reference, 2026-08). Lengths are counted in UTF-16 units: Discord does not
 * say what it counts, and this is the stricter.
 */
const id = z.number().int().min(0).max(2_147_483_647).nullish();
const customId = z.string().min(1).max(100);
export const snowflake = z.string().regex(/^\d{17,19}$/);
const emoji = z.strictObject({
  id: snowflake.nullish(),
  name: z.string().min(1).max(32),
  animated: z.boolean().optional(),
});
const spoiler = z.boolean().nullish();
/** Of an upload (`attachment://name`) or of the web. */
const media = z.strictObject({ url: z.url({ protocol: /^(https?|attachment)$/ }).max(2048) });

const buttonBase = { type: z.literal(2), id, disabled: z.boolean().nullish() };
const buttonFace = { label: z.string().min(1).max(80).nullish(), emoji: emoji.nullish() };
export const button = z
  .discriminatedUnion('style', [
    z.strictObject({ ...buttonBase, ...buttonFace, style: z.literal([1, 2, 3, 4]), custom_id: customId }),
    z.strictObject({
      ...buttonBase,
      ...buttonFace,
      style: z.literal(5),
      url: z.url({ protocol: /^https?$/ }).max(512),
    }),
  ])
  .refine((one) => one.label != null || one.emoji != null, { message: 'A button needs a label or an emoji' });

const optionFields = {
  label: z.string().min(1).max(100),
  value: z.string().min(1).max(100),
  description: z.string().max(100).nullish(),
  emoji: emoji.nullish(),
  default: z.boolean().nullish(),
};
const selectFields = {
  id,
  custom_id: customId,
  placeholder: z.string().max(150).nullish(),
  min_values: z.number().int().min(0).max(25).nullish(),
  max_values: z.number().int().min(1).max(25).nullish(),
  disabled: z.boolean().nullish(),
  required: z.boolean().nullish(),
};
const defaults = z
  .array(z.strictObject({ id: snowflake, type: z.enum(['user', 'role', 'channel']) }))
  .max(25)
  .optional();
export const stringSelect = z.strictObject({
  type: z.literal(3),
  ...selectFields,
  options: z
    .array(z.strictObject(optionFields))
    .min(1)
    .max(25)
    .refine((options) => new Set(options.map(({ value }) => value)).size === options.length, {
      message: 'The specified option value is already used',
    }),
});
export const otherSelect = z.strictObject({
  type: z.literal([5, 6, 7, 8]),
  ...selectFields,
  default_values: defaults,
  channel_types: z.array(z.number().int()).optional(),
});

export const actionRow = z
  .strictObject({
    type: z.literal(1),
    id,
    components: z
      .array(z.discriminatedUnion('type', [button, stringSelect, otherSelect]))
      .min(1)
      .max(5),
  })
  .refine(({ components }) => components.length === 1 || components.every(({ type }) => type === 2), {
    message: 'A row holds up to five buttons or one select',
  });

export const textDisplay = z.strictObject({ type: z.literal(10), id, content: z.string().min(1).max(4000) });
const thumbnail = z.strictObject({
  type: z.literal(11),
  id,
  media,
  description: z.string().max(1024).nullish(),
  spoiler,
});
const section = z.strictObject({
  type: z.literal(9),
  id,
  components: z.array(textDisplay).min(1).max(3),
  accessory: z.discriminatedUnion('type', [button, thumbnail]),
});
const gallery = z.strictObject({
  type: z.literal(12),
  id,
  items: z
    .array(z.strictObject({ media, description: z.string().max(1024).nullish(), spoiler }))
    .min(1)
    .max(10),
});
const file = z.strictObject({
  type: z.literal(13),
  id,
  file: z.strictObject({ url: z.string().startsWith('attachment://').max(2048) }),
  spoiler,
});
const separator = z.strictObject({
  type: z.literal(14),
  id,
  divider: z.boolean().nullish(),
  spacing: z.union([z.literal(1), z.literal(2)]).nullish(),
});
const container = z.strictObject({
  type: z.literal(17),
  id,
  components: z.array(z.discriminatedUnion('type', [actionRow, textDisplay, section, gallery, file, separator])).min(1),
  accent_color: z.number().int().min(0).max(0xffffff).nullish(),
  spoiler,
});

/** Components at the top of a message; which of them it may hold depends on its flags. */
export const topComponents = z.array(
  z.discriminatedUnion('type', [actionRow, textDisplay, section, gallery, file, separator, container]),
);

export type TopComponent = z.infer<typeof topComponents>[number];
