import { z } from 'zod';
import { blockId, plainText } from './text.ts';

const address = (most: number) => z.url({ protocol: /^https$/ }).max(most);

/** A video (@slack/types, VideoBlock; lengths of addresses: slackblocks, spec/limits.json). */
export const video = z.strictObject({
  type: z.literal('video'),
  ...blockId,
  video_url: address(3000),
  thumbnail_url: z.url().max(3000),
  alt_text: z.string().min(1).max(2000),
  title: plainText(199),
  title_url: address(2000).optional(),
  author_name: z.string().max(49).optional(),
  provider_name: z.string().max(50).optional(),
  provider_icon_url: z.url().max(2000).optional(),
  description: plainText(200).optional(),
});
