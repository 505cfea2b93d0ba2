import { z } from 'zod';
import { richText } from './rich-text.ts';
import { blockId } from './text.ts';

const rawText = z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) });
const rawNumber = z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string().min(1) });
const cell = z.discriminatedUnion('type', [rawText, rawNumber, richText]);
const cells = z.array(cell).min(1).max(20);

/** A table (@slack/types, TableBlock). */
export const table = z.strictObject({
  type: z.literal('table'),
  ...blockId,
  rows: z.array(cells).min(1).max(100),
  column_settings: z
    .array(
      z
        .strictObject({ align: z.enum(['left', 'center', 'right']).optional(), is_wrapped: z.boolean().optional() })
        .nullable(),
    )
    .max(20)
    .optional(),
});

/** A table that can be sorted and turned over (@slack/types, DataTableBlock; docs, data table block: a header and 1 to 100 rows). */
export const dataTable = z
  .strictObject({
    type: z.literal('data_table'),
    ...blockId,
    rows: z.array(cells).min(2).max(101),
    caption: z.string().min(1),
    page_size: z.int().min(1).max(100).optional(),
    row_header_column_index: z.int().min(0).max(19).optional(),
  })
  .refine(({ rows }) => rows.every((row) => row.length === rows[0]?.length), {
    message: 'all rows must have the same number of cells',
  })
  .refine(({ rows }) => rows[0]?.every(({ type }) => type !== 'rich_text') !== false, {
    message: 'rich_text is not allowed in the header',
  });
