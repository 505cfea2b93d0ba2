import { type APIAttachment, type APIMessage, Routes } from 'discord.js';
import { type IncomingFile, PostRefused } from '#core/chat/adapter.ts';
import type { Api } from './api.ts';

/** Where Discord keeps files; nothing else is ever fetched. */
const fileHosts: ReadonlySet<string> = new Set(['cdn.discordapp.com', 'media.discordapp.net']);

/** A media type with its parameters, as HTTP writes it; who uploads a file may claim anything. */
const mediaTypeShape = /^[\w.+-]{1,60}\/[\w.+-]{1,60}(;[ -~]{0,100})?$/;

/** The longest that fetching one file may take, in milliseconds: 100 MB at 350 kB a second. */
const fetchMs = 300_000;

/** A file of a message. Its address expires, so its place is kept: channel, message and file. */
export function messageFile(channel: string, message: string, file: APIAttachment): IncomingFile {
  return described(file, `${channel}/${message}/${file.id}`);
}

/** A file of a slash command, which no message keeps: its address is good for long enough to fetch it. */
export function commandFile(file: APIAttachment): IncomingFile {
  return described(file, file.url);
}

function described({ filename, content_type, size }: APIAttachment, externalId: string): IncomingFile {
  const mediaType = mediaTypeShape.test(content_type ?? '') ? content_type : undefined;
  return { externalId, name: filename, mediaType: mediaType ?? 'application/octet-stream', size };
}

/** Streams a file that came with a message. `cdn`: another place of files, of a stand-in. @throws PostRefused */
export async function fetchFile(api: Api, file: IncomingFile, cdn?: string): Promise<AsyncIterable<Uint8Array>> {
  const address = new URL(await addressOf(api, file));
  const known = (address.protocol === 'https:' && fileHosts.has(address.hostname)) || address.origin === cdn;
  if (!known) throw new PostRefused(`The file “${file.name}” does not lie at Discord.`);
  const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(fetchMs) });
  if (response.status === 404 || response.status === 403) throw new PostRefused(`The file “${file.name}” is gone.`);
  if (!response.ok || response.body === null) throw new Error(`Discord gives ${response.status} for a file`);
  return asAnnounced(response.body, file);
}

/** The same bytes, as long as they are no more than the message said: its size decided whether the file is taken. */
async function* asAnnounced(bytes: AsyncIterable<Uint8Array>, { name, size }: IncomingFile): AsyncIterable<Uint8Array> {
  let read = 0;
  for await (const chunk of bytes) {
    read += chunk.length;
    if (read > size) throw new PostRefused(`The file “${name}” is larger than its message says.`);
    yield chunk;
  }
}

async function addressOf({ rest }: Api, { externalId, name }: IncomingFile): Promise<string> {
  if (/^https?:/.test(externalId)) return externalId;
  const [channel = '', message = '', id] = externalId.split('/');
  const { attachments } = (await rest.get(Routes.channelMessage(channel, message))) as APIMessage;
  const found = attachments.find((each) => each.id === id);
  if (found === undefined) throw new PostRefused(`The file “${name}” is gone.`);
  return found.url;
}
