import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { problemsOf, Refusal, refuseInvalid } from '../api/refusal.ts';
import type { Block } from '../state/message.ts';
import { messageBlock, viewBlock } from './blocks.ts';
import { textsOf } from './texts.ts';

/** Blocks of a message and of a view (docs.slack.dev). */
const mostBlocks = { message: 50, view: 100 } as const;

/**
 * Text of all blocks of a message together. Slack does not publish it: 9,597 was seen accepted and 11,341 refused (bolt-js
 * #2867), so what lies between counts as refused here. It counts bytes of UTF-8, and what a task card has as details and output
 * twice (measured in openclaw #143882, between 10,571 and 10,821).
 */
export const mostBlockText = 9597;

/** Text of all markdown blocks of a message together (@slack/types, MarkdownBlock). */
export const mostMarkdown = 12_000;

/**
 * Checks blocks as Slack does and gives ids where there are none.
 * @throws Refusal `invalid_blocks_format`, `invalid_blocks` or `msg_blocks_too_long`.
 */
export function checkBlocks(blocks: unknown, surface: 'message' | 'view', root = '/blocks'): readonly Block[] {
  if (!Array.isArray(blocks)) throw new Refusal('invalid_blocks_format');
  const most = mostBlocks[surface];
  if (blocks.length > most)
    throw refuseInvalid('invalid_blocks', [`no more than ${most} items allowed [json-pointer:${root}]`]);
  const parsed = z.array(surface === 'message' ? messageBlock : viewBlock).safeParse(blocks, { reportInput: true });
  if (!parsed.success) throw refuseInvalid('invalid_blocks', problemsOf(parsed.error, root));
  const problems = [...repeatedIds(blocks, root), ...brokenRules(blocks, root)];
  if (problems.length > 0) throw refuseInvalid('invalid_blocks', problems);
  if (surface === 'message') checkLength(blocks);
  return blocks.map(withIds);
}

function checkLength(blocks: readonly unknown[]): void {
  const texts = textsOf(blocks);
  const markdown = texts.reduce((sum, { text, reading }) => sum + (reading === 'markdown' ? text.length : 0), 0);
  const onlyMarkdown = texts.every(({ reading }) => reading === 'markdown');
  const weight = bytesOf([...texts, ...fieldsOfCards(blocks).flatMap(textsOf)]);
  if (markdown > mostMarkdown || (!onlyMarkdown && weight > mostBlockText)) throw new Refusal('msg_blocks_too_long');
}

function bytesOf(texts: readonly { readonly text: string }[]): number {
  return texts.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
}

function fieldsOfCards(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(fieldsOfCards);
  if (typeof value !== 'object' || value === null) return [];
  const { type, details, output } = value as Readonly<Record<string, unknown>>;
  return type === 'task_card' ? [details, output] : Object.values(value).flatMap(fieldsOfCards);
}

/** `block_id` is unique in a message or view, `action_id` in a block (@slack/types). */
function repeatedIds(blocks: readonly unknown[], root: string): readonly string[] {
  const ids = blocks.flatMap((block) => fieldsNamed('block_id', [block]));
  const actions = blocks.flatMap((block, index) =>
    repeated(fieldsNamed('action_id', [block])).map(
      (id) => `\`action_id\` ${id} already exists for another element [json-pointer:${root}/${index}]`,
    ),
  );
  return [...repeated(ids).map((id) => `\`block_id\` ${id} already exists [json-pointer:${root}]`), ...actions];
}

/** Rules between fields and blocks that no field knows alone. */
function brokenRules(blocks: readonly unknown[], root: string): readonly string[] {
  const kinds = (blocks as readonly { type: string }[]).map(({ type }) => type);
  const tables = kinds.filter((type) => type === 'table').length;
  return [
    // One table a message (@slack/types and Slack's own guide).
    ...(tables > 1 ? [`only one table block allowed [json-pointer:${root}]`] : []),
    // Seen in GitLab's merge request 242201: each is refused beside the other.
    ...(kinds.includes('plan') && kinds.includes('task_card')
      ? [`plan and task_card blocks are mutually exclusive [json-pointer:${root}]`]
      : []),
    ...blocks.flatMap((block, index) =>
      repeated(fieldsNamed('task_id', [block])).map(
        (id) => `\`task_id\` ${id} already exists [json-pointer:${root}/${index}]`,
      ),
    ),
    ...blocks.flatMap((block, index) =>
      menuProblems(block).map((problem) => `${problem} [json-pointer:${root}/${index}]`),
    ),
  ];
}

function menuProblems(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(menuProblems);
  if (typeof value !== 'object' || value === null) return [];
  const element = value as Readonly<Record<string, unknown>>;
  const isMenu = element.type === 'static_select' || element.type === 'multi_static_select';
  const own = isMenu && (element.options === undefined) === (element.option_groups === undefined);
  const picture = element.type === 'image' && (element.image_url === undefined) === (element.slack_file === undefined);
  return [
    ...(own ? ['either options or option_groups is required'] : []),
    ...(picture ? ['either image_url or slack_file is required'] : []),
    ...Object.values(element).flatMap(menuProblems),
  ];
}

function repeated(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
}

function fieldsNamed(name: string, value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((part) => fieldsNamed(name, part));
  if (typeof value !== 'object' || value === null) return [];
  const own = (value as Readonly<Record<string, unknown>>)[name];
  const below = Object.values(value).flatMap((part) => fieldsNamed(name, part));
  return typeof own === 'string' ? [own, ...below] : below;
}

const interactive = new Set([
  'button',
  'overflow',
  'checkboxes',
  'radio_buttons',
  'datepicker',
  'timepicker',
  'datetimepicker',
]);

function isInteractive(type: unknown): boolean {
  return typeof type === 'string' && (interactive.has(type) || /_(select|input|buttons|button)$/.test(type));
}

function withIds(block: unknown): Block {
  const { block_id = randomId(), ...rest } = withActionIds(block) as { block_id?: string; type: string };
  return { block_id, ...rest };
}

function withActionIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withActionIds);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, withActionIds(part)] as const);
  const { type, action_id } = value as { type?: unknown; action_id?: unknown };
  const added = isInteractive(type) && action_id === undefined ? { action_id: randomId() } : {};
  return { ...Object.fromEntries(entries), ...added };
}

function randomId(): string {
  return randomBytes(4).toString('base64url').slice(0, 5);
}
