import { type APIMessage, ComponentType, MessageFlags, type RawFile, RESTJSONErrorCodes, Routes } from 'discord.js';
import type { ChatHost, PostId } from '#core/chat/adapter.ts';
import type { Card, CardFile } from '#core/chat/card.ts';
import { linkWith } from '#core/chat/link.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { type Api, isCode, readMessages } from './api.ts';
import { attachmentName, drawCard, plainCard } from './card.ts';
import { fileBytesLimit, fileLimit } from './limits.ts';
import { markerOf, nonceOf } from './nonce.ts';

export interface SendParts {
  readonly api: Api;
  readonly host: ChatHost;
  readonly log: AdapterLog;
  /** The bot's own id. */
  readonly self: () => string;
}

/** Messages that are read when the answer to a post was lost. */
const lookBack = 50;

/** An edit in a thread that is archived (docs, Threads). */
const archivedThread = 50_083;

/** A message of ours whose answer was lost, found by its marker; `after`: an id that it is newer than. */
export async function findMessage(
  { api, self }: Pick<SendParts, 'api' | 'self'>,
  channel: string,
  key: string,
  after?: string,
): Promise<PostId | undefined> {
  const marker = markerOf(key);
  const messages = await readMessages(api, channel, { limit: lookBack, ...(after === undefined ? {} : { after }) });
  return messages.find(
    ({ author, components }) =>
      author.id === self() && components?.some((component) => 'id' in component && component.id === marker),
  )?.id;
}

export interface Sent {
  readonly channel: string;
  readonly card: Card;
  readonly key: string;
  /** The message of the same channel that it goes on from. */
  readonly after?: PostId;
}

/** Posts a card as a message, once for each key. */
export async function sendCard(parts: SendParts, { channel, card, key, after }: Sent): Promise<PostId> {
  const { api } = parts;
  const once = {
    nonce: nonceOf(key),
    enforce_nonce: true,
    ...(after === undefined ? {} : { message_reference: { message_id: after, fail_if_not_exists: false } }),
  };
  const users = card.notifies === undefined ? [] : [card.notifies.externalId];
  const allowed_mentions = { parse: [], users };
  const { files, container } = await draw(parts, card, markerOf(key));
  const body = { ...once, allowed_mentions, flags: MessageFlags.IsComponentsV2, components: [container] };
  try {
    return ((await api.rest.post(Routes.channelMessages(channel), { body, files })) as APIMessage).id;
  } catch (error) {
    if (!isCode(error, RESTJSONErrorCodes.InvalidFormBodyOrContentType)) throw error;
    parts.log.warn({ error, card: card.key }, 'Discord refused a card; it is shown as plain text');
    const plain = { ...once, allowed_mentions: { parse: [] }, content: plainCard(card) };
    return ((await api.rest.post(Routes.channelMessages(channel), { body: plain })) as APIMessage).id;
  }
}

/** Makes a message show a card. */
export async function changeCard(parts: SendParts, channel: string, post: PostId, card: Card): Promise<void> {
  const { files, container } = await draw(parts, card, markerOf(`${BigInt(post).toString(16)}0`));
  const attachments = files.map(({ name }, index) => ({ id: String(index), filename: name }));
  const body = { allowed_mentions: { parse: [] }, components: [container], attachments };
  const edit = () => parts.api.rest.patch(Routes.channelMessage(channel, post), { body, files });
  try {
    await edit();
  } catch (error) {
    // Sending would wake an archived thread, editing does not.
    if (!isCode(error, archivedThread)) throw error;
    await parts.api.rest.patch(Routes.channel(channel), { body: { archived: false } });
    await edit();
  }
}

/** The last thing that a message says when its card goes on in another one. */
export async function closeCard(parts: SendParts, channel: string, post: PostId, goesOn: string): Promise<void> {
  const content = `-# This goes on in [a newer message](${goesOn}).`;
  const components = [{ type: ComponentType.TextDisplay, content }];
  const body = { allowed_mentions: { parse: [] }, components, attachments: [] };
  await parts.api.rest.patch(Routes.channelMessage(channel, post), { body });
}

async function draw({ host }: SendParts, card: Card, marker: number) {
  const files: RawFile[] = [];
  const attached = new Set<string>();
  let room = fileBytesLimit;
  for (const file of card.blocks.flatMap((block) => (block.kind === 'files' ? block.files : []))) {
    if (files.length >= fileLimit || file.size > room || attached.has(file.outputId)) continue;
    const read = await bytesOf(host, file);
    if (read === undefined) continue;
    room -= read.data.length;
    attached.add(file.outputId);
    files.push(read);
  }
  return { files, container: drawCard(card, { attached, marker, linkTo: linkWith(host.address) }) };
}

async function bytesOf(host: ChatHost, file: CardFile): Promise<(RawFile & { readonly data: Buffer }) | undefined> {
  const output = await host.output(file.outputId);
  if (output === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of output.open()) chunks.push(chunk);
  return { name: attachmentName(file), data: Buffer.concat(chunks), contentType: file.mediaType };
}
