import { z } from 'zod';
import { checkBlocks } from '../blocks/check.ts';
import type { Block, Metadata } from '../state/message.ts';
import { flag, structure } from './arguments.ts';
import { problemsOf, Refusal, refuseInvalid } from './refusal.ts';

/** What a message shows, in the arguments of the methods that write one. */
export const contentArguments = {
  text: z.string().optional(),
  blocks: structure.optional(),
  attachments: structure.optional(),
  markdown_text: z.string().optional(),
  parse: z.enum(['full', 'none']).optional(),
  link_names: flag.optional(),
};

export interface Content {
  readonly text: string;
  readonly blocks: readonly Block[];
}

interface Given {
  readonly text?: string;
  readonly blocks?: unknown;
  readonly attachments?: unknown;
  readonly markdown_text?: string;
}

/** Attachments of a message (Slack's method reference). */
const mostAttachments = 100;

/** @throws Refusal `markdown_text_conflict`, `no_text`, `invalid_blocks`, … */
export function readContent(given: Given): Content {
  const { text, markdown_text: markdown, attachments } = given;
  if (markdown !== undefined && (text !== undefined || given.blocks !== undefined))
    throw new Refusal('markdown_text_conflict');
  if (markdown !== undefined)
    return { text: markdown, blocks: checkBlocks([{ type: 'markdown', text: markdown }], 'message') };
  if (attachments !== undefined && (!Array.isArray(attachments) || attachments.length > mostAttachments))
    throw new Refusal(Array.isArray(attachments) ? 'too_many_attachments' : 'invalid_attachments');
  const blocks = given.blocks === undefined ? [] : checkBlocks(given.blocks, 'message');
  const attached = Array.isArray(attachments) && attachments.length > 0;
  if ((text === undefined || text === '') && blocks.length === 0 && !attached) throw new Refusal('no_text');
  return { text: text ?? '', blocks };
}

const flat = z.union([z.string(), z.number(), z.boolean()]);
const metadataSchema = z.strictObject({
  event_type: z.string().regex(/^\w+$/).max(255),
  event_payload: z.record(
    z.string(),
    z.union([flat, z.record(z.string(), flat), z.array(z.union([flat, z.record(z.string(), flat)]))]),
  ),
});

/** Slack says `metadata_too_large` without a figure in its reference; this one is a guess on the strict side. Bytes. */
const mostMetadata = 8000;

/** An empty object means none (docs.slack.dev). @throws Refusal `invalid_metadata_format`, `invalid_metadata_schema`, `metadata_too_large`. */
export function readMetadata(metadata: unknown): Metadata | undefined {
  if (metadata === undefined || isEmpty(metadata)) return undefined;
  if (typeof metadata !== 'object' || metadata === null) throw new Refusal('invalid_metadata_format');
  if (JSON.stringify(metadata).length > mostMetadata) throw new Refusal('metadata_too_large');
  const parsed = metadataSchema.safeParse(metadata, { reportInput: true });
  if (!parsed.success) throw refuseInvalid('invalid_metadata_schema', problemsOf(parsed.error, '/metadata'));
  return parsed.data;
}

function isEmpty(metadata: unknown): boolean {
  return typeof metadata === 'object' && metadata !== null && Object.keys(metadata).length === 0;
}
