import type { Discord } from '../discord.ts';
import type { Attachment } from '../state/message.ts';
import type { NewFile } from './speech.ts';

/** A file of an option or a form: Discord keeps it for a while only. */
export function ephemeralFile(
  discord: Discord,
  channelId: string,
  { name, content, mediaType = 'text/plain' }: NewFile,
): Attachment {
  const attachment = {
    id: discord.world.newId(),
    channelId,
    name,
    mediaType,
    bytes: Buffer.from(content),
    ephemeral: true,
  };
  discord.cdn.add(attachment);
  return attachment;
}
