import { z } from 'zod';
import { accessory, actionElement, button, contextAction, inputElement, picture } from './elements.ts';
import { richText } from './rich-text.ts';
import { dataTable, table } from './tables.ts';
import { anyText, blockId, markup, pictureSource, plainText } from './text.ts';
import { video } from './video.ts';

/**
 * Limits are those of the installed @slack/types, block-kit/blocks, unless another source is named: what these leave open is from
 * the limits that nicklambourne/slackblocks tries against Slack (spec/limits.json, 1.2). A `file` block can not be sent by an app.
 */

const actions = z.strictObject({
  type: z.literal('actions'),
  ...blockId,
  elements: z.array(actionElement).min(1).max(25),
});
const alert = z.strictObject({
  type: z.literal('alert'),
  ...blockId,
  // slackblocks
  text: anyText(200),
  level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
});
const context = z.strictObject({
  type: z.literal('context'),
  ...blockId,
  elements: z
    .array(z.discriminatedUnion('type', [picture, plainText(), markup()]))
    .min(1)
    .max(10),
});
const contextActions = z.strictObject({
  type: z.literal('context_actions'),
  ...blockId,
  elements: z.array(contextAction).min(1).max(5),
});
const divider = z.strictObject({ type: z.literal('divider'), ...blockId });
const header = z.strictObject({ type: z.literal('header'), ...blockId, text: plainText(150) });
const image = z.strictObject({
  type: z.literal('image'),
  ...blockId,
  alt_text: z.string().min(1).max(2000),
  title: plainText(2000).optional(),
  ...pictureSource,
});
const input = z.strictObject({
  type: z.literal('input'),
  ...blockId,
  label: plainText(2000),
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  element: inputElement,
});
const markdown = z.strictObject({ type: z.literal('markdown'), ...blockId, text: z.string().min(1).max(12_000) });
const section = z
  .strictObject({
    type: z.literal('section'),
    ...blockId,
    text: anyText().optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
  })
  .refine((block) => block.text !== undefined || block.fields !== undefined, {
    message: 'missing required field: text',
  });

const taskCard = z.strictObject({
  type: z.literal('task_card'),
  ...blockId,
  task_id: z.string().min(1).max(255),
  title: z.string().min(1),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
  details: richText.optional(),
  output: richText.optional(),
  sources: z
    .array(z.strictObject({ type: z.literal('url'), url: z.string().min(1).max(3000), text: z.string().min(1) }))
    .optional(),
});
const plan = z.strictObject({
  type: z.literal('plan'),
  ...blockId,
  title: z.string().min(1),
  // slackblocks
  tasks: z.array(taskCard).max(50).optional(),
});
const card = z
  .strictObject({
    type: z.literal('card'),
    ...blockId,
    hero_image: picture.optional(),
    icon: picture.optional(),
    title: markup(150).optional(),
    subtitle: markup(150).optional(),
    body: markup(200).optional(),
    // slackblocks
    actions: z.array(button).min(1).max(3).optional(),
  })
  .refine((block) => [block.hero_image, block.title, block.actions, block.body].some((part) => part !== undefined), {
    message: 'one of hero_image, title, actions, body is required',
  });
const carousel = z.strictObject({ type: z.literal('carousel'), ...blockId, elements: z.array(card).min(1).max(10) });

/** Blocks that may stand anywhere, in a container too. */
const plain = [actions, context, divider, header, image, input, richText, section, video] as const;

const container = z
  .strictObject({
    type: z.literal('container'),
    ...blockId,
    title: plainText(150).optional(),
    rich_text_title: richText.optional(),
    subtitle: anyText(150).optional(),
    child_blocks: z
      .array(z.discriminatedUnion('type', [...plain, table]))
      .min(1)
      .max(10),
    width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
    icon: picture.optional(),
    is_collapsible: z.boolean().optional(),
    default_collapsed: z.boolean().optional(),
    has_header_divider: z.boolean().optional(),
  })
  .refine((block) => block.title !== undefined || block.rich_text_title !== undefined, {
    message: 'missing required field: title',
  });

const everywhere = [...plain, alert, container] as const;

/** A block of a message. */
export const messageBlock = z.discriminatedUnion('type', [
  ...everywhere,
  card,
  carousel,
  contextActions,
  dataTable,
  markdown,
  plan,
  table,
  taskCard,
]);

/** A block of a modal or of the home tab. */
export const viewBlock = z.discriminatedUnion('type', [...everywhere]);
