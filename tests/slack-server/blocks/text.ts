import { z } from 'zod';

/** A name that any block may have. */
export const blockId = { block_id: z.string().min(1).max(255).optional() };

/** Longest text of a text object (@slack/types, PlainTextElement). */
const textLimit = 3000;

/** Plain text of `min` to `max` characters. */
export function plainText(max = textLimit) {
  return z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });
}

/** Text in Slack's markup. */
export function markup(max = textLimit) {
  return z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(max),
    verbatim: z.boolean().optional(),
  });
}

/** Either kind of text. */
export function anyText(max = textLimit) {
  return z.discriminatedUnion('type', [plainText(max), markup(max)]);
}

/** A picture's origin: its address or a file in Slack, never both. */
export const pictureSource = {
  image_url: z.url().max(3000).optional(),
  slack_file: z
    .union([z.strictObject({ id: z.string().min(1) }), z.strictObject({ url: z.string().min(1) })])
    .optional(),
};
