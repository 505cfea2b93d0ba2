import { z } from '@hono/zod-openapi';
import { plainText } from '#core/text/sanitise.ts';
import { cardSchema } from './card-schemas.ts';

/** U+0000 and half characters can't be stored; nobody means them. */
const storable = (text: string) => text.toWellFormed().replaceAll('\0', '');

/** Text as a person wrote it, at most `limit` UTF-16 units. */
export const words = (limit: number) => z.string().max(limit).overwrite(storable);

/** A person's name: one visible line. The bot's own name is nobody else's. */
export const personName = z
  .string()
  .max(1000)
  .overwrite((name) => plainText(name, { singleLine: true }))
  .min(1, 'A name needs a letter that can be seen.')
  .max(60)
  .refine((name) => !/^@?commander$/i.test(name), 'That is the bot’s own name; choose another.');

export const personSchema = z.object({ id: z.string(), name: z.string() }).openapi('Person');

export const channelSchema = z
  .object({ id: z.string(), name: z.string(), lastActivityAt: z.string().optional() })
  .openapi('Channel');

export const fileSchema = z
  .object({ id: z.string(), name: z.string(), mediaType: z.string(), size: z.number(), sha256: z.string() })
  .openapi('File');

export const messageSchema = z
  .object({
    id: z.string(),
    channelId: z.string(),
    rootId: z.string().optional().openapi({ description: 'The message that opened the thread' }),
    author: z.union([personSchema, z.literal('commander')]),
    text: z.string().optional(),
    card: cardSchema.optional(),
    files: z.array(fileSchema).readonly(),
    at: z.string(),
    revision: z.number(),
    cursor: z.string(),
    replies: z.number(),
    lastReplyAt: z.string().optional(),
    threadStatus: z
      .object({
        title: z.string(),
        tone: z.string(),
        until: z.string().optional().openapi({ description: 'A moment that belongs at the end of the title' }),
      })
      .optional(),
  })
  .openapi('Message');

export const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) }).openapi('Error');

export const suggestionSchema = z
  .object({ insert: z.string(), label: z.string(), detail: z.string() })
  .openapi('Suggestion');

export const newMessageSchema = z
  .object({
    text: words(40_000).default(''),
    fileIds: z.array(z.uuid()).max(20).default([]),
    key: words(100).min(1).optional().openapi({ description: 'Your own unique id: sending it again changes nothing' }),
  })
  .refine(({ text, fileIds }) => text.trim() !== '' || fileIds.length > 0, 'A message needs a text or a file.')
  .openapi('NewMessage');
