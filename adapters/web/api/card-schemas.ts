import { z } from '@hono/zod-openapi';

/** The cards that the bot writes: the shapes of core/chat/card.ts, as the API's description tells them. */

const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly();

const tone = z.enum(['neutral', 'progress', 'waiting', 'success', 'warning', 'danger']);

/** Plain words, or a piece with a meaning: `bold`, `code`, `link`, `task`, `person`, `time`, `elapsed`. */
export const richText = list(z.union([z.string(), z.looseObject({ kind: z.string() })])).openapi('RichText');

const buttonSchema = z
  .object({
    label: z.string(),
    style: z.enum(['primary', 'danger']).optional(),
    action: z.string().optional().openapi({ description: 'What to send to /press' }),
    href: z
      .string()
      .optional()
      .openapi({ description: 'Where it leads, before any action: that is for who can not open it' }),
    confirm: z.object({ title: z.string(), text: z.string(), yes: z.string() }).optional(),
  })
  .openapi('Button');

const optionSchema = z.object({
  label: z.string(),
  action: z.string().openapi({ description: 'What to send to /press when it is chosen' }),
});

const cardFileSchema = z
  .object({
    outputId: z.string(),
    name: z.string(),
    mediaType: z.string(),
    size: z.number().openapi({ description: 'Bytes' }),
    version: z.number(),
    href: z.string().openapi({ description: 'Where its bytes are' }),
  })
  .openapi('Output');

const changeSchema = z.object({
  path: z.string(),
  status: z.enum(['added', 'modified', 'deleted', 'renamed']),
  added: z.number(),
  removed: z.number(),
});

const stepSchema = z.object({
  state: z.enum(['pending', 'running', 'waiting', 'done', 'failed', 'skipped']),
  title: z.string(),
  detail: richText.optional(),
});

const block = <Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) =>
  z.object({ kind: z.literal(kind), ...shape });

const blockSchema = z
  .discriminatedUnion('kind', [
    block('text', { text: richText }),
    block('fields', { fields: list(z.object({ label: z.string(), value: richText })) }),
    block('plan', { steps: list(stepSchema) }),
    block('actions', { actions: list(z.object({ at: z.string(), text: richText })) }),
    block('list', { items: list(richText) }),
    block('code', { label: z.string().optional(), text: z.string() }),
    block('quote', { from: z.string(), text: z.string(), written: z.literal('markdown').optional() }),
    block('files', { files: list(cardFileSchema) }),
    block('changes', { files: list(changeSchema), more: z.number() }),
    block('context', { text: richText }),
    block('buttons', { buttons: list(buttonSchema) }),
    block('person', {
      label: z.string(),
      action: z.string(),
      chosen: z.object({ externalId: z.string(), name: z.string() }).optional(),
    }),
    block('select', { label: z.string(), options: list(optionSchema), chosen: z.string() }),
  ])
  .openapi('Block');

export const cardSchema = z
  .object({
    key: z.string().openapi({ description: 'What it is about, such as `status:1` or `approval:…`' }),
    tone,
    title: richText,
    blocks: list(blockSchema),
    summary: z.string().openapi({ description: 'All of it in a sentence' }),
    outcome: z
      .enum(['completed', 'failed', 'cancelled'])
      .optional()
      .openapi({ description: 'How the task ended: on the card that tells its end' }),
    notifies: z.object({ externalId: z.string(), name: z.string() }).optional(),
  })
  .openapi('Card');
