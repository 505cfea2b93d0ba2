import { type APIMessage, ComponentType, MessageFlags, type RawFile, RESTJSONErrorCodes, Routes } from 'discord.js';
import type { ChatHost, PostId } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { linkWith } from '#core/chat/link.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { type Api, isCode, readMessages } from './api.ts';
import { type Attachments, attachFiles } from './attach.ts';
import { drawCard, plainCard, wholeCard } from './card.ts';
import { fileBytesLimit, fileLimit } from './limits.ts';
import { markerOf, nonceOf } from './nonce.ts';
import type { FileSizes } from './sizes.ts';

export interface SendParts {
  readonly api: Api;
  readonly host: ChatHost;
  readonly log: AdapterLog;
  /** The bot's own id. */
  readonly self: () => string;
  readonly sizes: FileSizes;
  /** The server that a channel is in. */
  readonly guildOf: (channel: string) => Promise<string | undefined>;
}

/** Messages that are read when the answer to a post was lost. */
const lookBack = 50;

/** A reply without READ_MESSAGE_HISTORY (docs, Opcodes and Status Codes: JSON). */
const cannotReply = 160_002;

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
  const once = { nonce: nonceOf(key), enforce_nonce: true };
  const reply = after === undefined ? {} : { message_reference: { message_id: after, fail_if_not_exists: false } };
  const users = card.notifies === undefined ? [] : [card.notifies.externalId];
  const allowed_mentions = { parse: [], users };
  const send = (body: object, files: RawFile[]) =>
    api.rest.post(Routes.channelMessages(channel), { body: { ...once, ...body }, files }) as Promise<APIMessage>;
  const post = (body: object, files: RawFile[] = []) =>
    send({ ...reply, ...body }, files).catch((error: unknown) => {
      // A reply needs the right to read what was said before; the card does not.
      if (after === undefined || !isCode(error, cannotReply)) throw error;
      return send(body, files);
    });
  try {
    return await withFiles(parts, channel, card, async (attachments) => {
      const drawn = draw(parts, card, markerOf(key), attachments);
      const body = { allowed_mentions, flags: MessageFlags.IsComponentsV2, components: [drawn.container] };
      return (await post(body, [...drawn.files])).id;
    });
  } catch (error) {
    if (!isCode(error, RESTJSONErrorCodes.InvalidFormBodyOrContentType)) throw error;
    parts.log.warn({ error, card: card.key }, 'Discord refused a card; it is shown as plain text');
    return (await post({ allowed_mentions: { parse: [] }, content: plainCard(card) })).id;
  }
}

/** Makes a message show a card. */
export async function changeCard(parts: SendParts, channel: string, post: PostId, card: Card): Promise<void> {
  const marker = markerOf(`${BigInt(post).toString(16)}0`);
  await withFiles(parts, channel, card, async (given) => {
    const { files, container } = draw(parts, card, marker, given);
    const attachments = files.map(({ name }, index) => ({ id: String(index), filename: name }));
    const body = { allowed_mentions: { parse: [] }, components: [container], attachments };
    await changeMessage(parts, channel, post, { body, files: [...files] }).catch(async (error: unknown) => {
      if (!isCode(error, RESTJSONErrorCodes.InvalidFormBodyOrContentType)) throw error;
      parts.log.warn({ error, card: card.key }, 'Discord refused a card; it is shown as plain text');
      const text = { type: ComponentType.TextDisplay, content: plainCard(card) };
      await changeMessage(parts, channel, post, { body: { ...body, components: [text], attachments: [] }, files: [] });
    });
  });
}

async function changeMessage(
  { api }: SendParts,
  channel: string,
  post: PostId,
  request: { readonly body: object; readonly files: RawFile[] },
): Promise<void> {
  const edit = () => api.rest.patch(Routes.channelMessage(channel, post), request);
  try {
    await edit();
  } catch (error) {
    // Sending would wake an archived thread, editing does not.
    if (!isCode(error, archivedThread)) throw error;
    await api.rest.patch(Routes.channel(channel), { body: { archived: false } });
    await edit();
  }
}

/** Tries with the files that should fit, then with fewer, then with none: too large for Discord, or not allowed. */
async function withFiles<Result>(
  { host, sizes, guildOf }: SendParts,
  channel: string,
  card: Card,
  attempt: (attachments: Attachments) => Promise<Result>,
): Promise<Result> {
  const hasFiles = card.blocks.some(({ kind }) => kind === 'files');
  // Looking up where it is costs a request, and matters for large files alone.
  const guild = hasFiles ? await guildOf(channel) : undefined;
  let limit = await sizes.of(guild);
  for (;;) {
    const attachments = await attachFiles(host, card, limit);
    try {
      return await attempt(attachments);
    } catch (error) {
      const tooLarge = isCode(error, RESTJSONErrorCodes.RequestEntityTooLarge);
      const notAllowed = isCode(error, RESTJSONErrorCodes.MissingPermissions);
      if (limit === 0 || !(tooLarge || notAllowed)) throw error;
      if (tooLarge) sizes.wasRefused(guild);
      limit = tooLarge && limit > fileBytesLimit ? fileBytesLimit : 0;
    }
  }
}

/** The last thing that a message says when its card goes on in another one. */
export async function closeCard(parts: SendParts, channel: string, post: PostId, goesOn: string): Promise<void> {
  const content = `-# This goes on in [a newer message](${goesOn}).`;
  const components = [{ type: ComponentType.TextDisplay, content }];
  const body = { allowed_mentions: { parse: [] }, components, attachments: [] };
  await parts.api.rest.patch(Routes.channelMessage(channel, post), { body });
}

/** The name of the file with all that a card says, when it says more than a message may. */
const wholeName = 'everything.txt';

function draw({ host }: SendParts, card: Card, marker: number, { files, shown, limit }: Attachments) {
  const options = { shown, marker, linkTo: linkWith(host.address) };
  const { container, isShort } = drawCard(card, options);
  const whole = { name: wholeName, data: Buffer.from(wholeCard(card)), contentType: 'text/plain; charset=utf-8' };
  if (!isShort || files.length >= fileLimit || whole.data.length > limit) return { container, files };
  return { container: drawCard(card, { ...options, whole: wholeName }).container, files: [...files, whole] };
}
