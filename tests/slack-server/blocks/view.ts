import { z } from 'zod';
import { problemsOf, Refusal, refuseInvalid } from '../api/refusal.ts';
import type { ViewInput } from '../state/view.ts';
import { checkBlocks } from './check.ts';
import { plainText } from './text.ts';

/** Limits are those of the installed @slack/types, views; the size is from Slack's method reference. */
const mostBytes = 250_000;
const common = {
  blocks: z.unknown(),
  private_metadata: z.string().max(3000).optional(),
  callback_id: z.string().max(255).optional(),
  external_id: z.string().max(255).optional(),
};
const modal = z.strictObject({
  type: z.literal('modal'),
  ...common,
  title: plainText(24),
  submit: plainText(24).optional(),
  close: plainText(24).optional(),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
});
const home = z.strictObject({ type: z.literal('home'), ...common });
const schema = z.discriminatedUnion('type', [modal, home]);

/**
 * Checks a view as Slack does.
 * @throws Refusal `invalid_arguments`, `invalid_blocks`, `view_too_large`.
 */
export function checkView(view: unknown, type: 'modal' | 'home'): ViewInput {
  if (JSON.stringify(view ?? null).length > mostBytes) throw new Refusal('view_too_large');
  const parsed = schema.safeParse(view, { reportInput: true });
  if (!parsed.success) throw refuseInvalid('invalid_arguments', problemsOf(parsed.error, '/view'));
  if (parsed.data.type !== type)
    throw refuseInvalid('invalid_arguments', [`must be a ${type} [json-pointer:/view/type]`]);
  const blocks = checkBlocks(parsed.data.blocks, 'view', '/view/blocks');
  const asks = blocks.some((block) => block.type === 'input');
  if (parsed.data.type === 'modal' && asks && parsed.data.submit === undefined)
    throw refuseInvalid('invalid_arguments', [
      'missing required field: submit, for there are input blocks [json-pointer:/view]',
    ]);
  return { ...parsed.data, blocks };
}
