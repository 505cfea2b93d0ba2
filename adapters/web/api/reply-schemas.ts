import { z } from '@hono/zod-openapi';
import { richText } from './card-schemas.ts';

/** What a press or a form is answered with: the shapes of core/chat/adapter.ts and core/chat/modal.ts. */

const options = z.array(z.object({ value: z.string(), label: z.string() })).readonly();
const named = { name: z.string(), label: z.string() };
const yes = z.literal(true).optional();

const fieldSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('text'),
      ...named,
      hint: z.string().optional(),
      value: z.string().optional(),
      multiline: yes,
      optional: yes,
    }),
    z.object({ kind: z.literal('select'), ...named, options, value: z.string().optional() }),
    z
      .object({ kind: z.literal('checkboxes'), ...named, options, values: z.array(z.string()).readonly() })
      .openapi({ description: 'Its submitted value holds the chosen options, one a line' }),
    z
      .object({ kind: z.literal('file'), ...named, optional: yes })
      .openapi({ description: 'Its files go into `fileIds`' }),
  ])
  .openapi('FormField');

const modalSchema = z
  .object({
    id: z.string().openapi({ description: '`modalId` of the submission' }),
    title: z.string(),
    intro: z.array(z.string()).readonly(),
    introPieces: z.array(richText).readonly().optional().openapi({ description: 'The same, with moments as such' }),
    submit: z.string(),
    fields: z.array(fieldSchema).readonly(),
  })
  .openapi('Form');

export const interactionSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('done') }),
    z.object({ kind: z.literal('notice'), tone: z.enum(['success', 'warning', 'danger']), text: z.string() }),
    z.object({ kind: z.literal('modal'), modal: modalSchema }),
    z
      .object({ kind: z.literal('problems'), problems: z.record(z.string(), z.string()).readonly() })
      .openapi({ description: 'Problems of a form by field; it stays open' }),
  ])
  .openapi('InteractionReply');
