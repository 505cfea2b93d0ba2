import { type APIMessage, ComponentType, MessageFlags, type RawFile, RESTJSONErrorCodes, Routes } from 'discord.js';
import type { ChatHost, PostId } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { type Api, isCode, readBack } from './api.ts';
import { type Attachments, attachFiles, filesFollow } from './attach.ts';
import type { Kinds } from './kinds.ts';
import { fileBytesLimit } from './limits.ts';
import { markerOf, nonceOf } from './nonce.ts';
import { classicShapes, containerShape, flatShapes, refusedNote, type Shape } from './shapes.ts';
import type { FileSizes } from './sizes.ts';

export interface SendParts {
  readonly api: Api;
  readonly host: ChatHost;
  readonly log: AdapterLog;
  /** The bot's own id. */
  readonly self: () => string;
  readonly sizes: FileSizes;
  readonly kinds: Kinds;
  /** The server that a channel is in. */
  readonly guildOf: (channel: string) => Promise<string | undefined>;
}

/** Messages that are read at most when the answer to a post was lost: ten requests. */
const lookBack = 1000;

/** A reply without READ_MESSAGE_HISTORY (docs, Opcodes and Status Codes: JSON). */
const cannotReply = 160_002;

/** An edit in a thread that is archived (docs, Threads). */
const archivedThread = 50_083;

/**
 * A message of ours whose answer was lost, found by its marker; `after`: an id that it is newer than. What is older than so many
 * messages is not found: it would be posted again rather than never.
 */
export async function findMessage(
  { api, self }: Pick<SendParts, 'api' | 'self'>,
  channel: string,
  key: string,
  after: string,
): Promise<PostId | undefined> {
  const marker = markerOf(key);
  const note = refusedNote(marker);
  let read = 0;
  for await (const page of readBack(api, channel, { after })) {
    const found = page.find(
      ({ author, components, content }) =>
        author.id === self() &&
        (content.endsWith(note) || components?.some((component) => 'id' in component && component.id === marker)),
    );
    if (found !== undefined) return found.id;
    read += page.length;
    if (read >= lookBack) return undefined;
  }
  return undefined;
}

export interface Sent {
  readonly channel: string;
  readonly card: Card;
  readonly key: string;
  /** The message of the same channel that it goes on from. */
  readonly after?: PostId;
  /** Its files go along, or are named with where they are; absent: they follow. */
  readonly files?: 'along' | 'named';
}

/** Posts a card as a message, once for each key. */
export async function sendCard(parts: SendParts, { channel, card, key, after, files: brings }: Sent): Promise<PostId> {
  const rest = brings === 'along' ? parts.api.uploads : parts.api.rest;
  const once = { nonce: nonceOf(key), enforce_nonce: true };
  const reply = after === undefined ? {} : { message_reference: { message_id: after, fail_if_not_exists: false } };
  const users = card.notifies === undefined ? [] : [card.notifies.externalId];
  const allowed_mentions = { parse: [], users };
  const send = (body: object, files: readonly RawFile[]) =>
    rest.post(Routes.channelMessages(channel), {
      body: { ...once, allowed_mentions, ...body },
      files: [...files],
    }) as Promise<APIMessage>;
  const post = ({ body, files }: Shape, flags: MessageFlags) =>
    send({ ...reply, ...body, flags }, files).catch((error: unknown) => {
      // A reply needs the right to read what was said before; the card does not.
      if (after === undefined || !isCode(error, cannotReply)) throw error;
      return send({ ...body, flags }, files);
    });
  const sendWith = async (attachments: Attachments) => {
    const drawing = { host: parts.host, card, attachments, marker: markerOf(key) };
    const taken = await unlessRefused(parts, card, () => post(containerShape(drawing), MessageFlags.IsComponentsV2));
    const { id } =
      taken ??
      (await firstTaken(parts, card, classicShapes(drawing, refusedNote(drawing.marker)), (shape) =>
        post(shape, MessageFlags.SuppressEmbeds),
      ));
    parts.kinds.learn(id, taken === undefined ? 'classic' : 'container');
    return id;
  };
  if (brings === 'along') return withFiles(parts, channel, card, sendWith);
  return sendWith(brings === 'named' ? await attachFiles(parts.host, card, 0) : filesFollow(card));
}

/** Makes a message show a card. */
export async function changeCard(parts: SendParts, channel: string, post: PostId, card: Card): Promise<void> {
  const marker = markerOf(`${BigInt(post).toString(16)}0`);
  const drawing = { host: parts.host, card, attachments: filesFollow(card), marker };
  const change = async ({ body, files }: Shape) => {
    const named = files.map(({ name }, index) => ({ id: String(index), filename: name }));
    const whole = { allowed_mentions: { parse: [] }, attachments: named, ...body };
    await changeMessage(parts, channel, post, { body: whole, files: [...files] });
    return true;
  };
  if (parts.kinds.known(post) !== 'classic')
    if (await unlessRefused(parts, card, () => change(containerShape(drawing)))) return;
  const isClassic = (await parts.kinds.of(channel, post)) === 'classic';
  await firstTaken(parts, card, (isClassic ? classicShapes : flatShapes)(drawing, refusedNote()), change);
}

/** What an attempt gives; `undefined` when Discord does not take the message as it is. */
async function unlessRefused<Result>(
  { log }: SendParts,
  { key }: Card,
  attempt: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await attempt();
  } catch (error) {
    if (!isCode(error, RESTJSONErrorCodes.InvalidFormBodyOrContentType)) throw error;
    log.warn({ error, card: key }, 'Discord refused a card as it was; it is shown in a plainer form');
    return undefined;
  }
}

/** Tries one shape after the other until Discord takes one. @throws what it says of the last one. */
async function firstTaken<Result>(
  parts: SendParts,
  card: Card,
  shapes: readonly Shape[],
  attempt: (shape: Shape) => Promise<Result>,
): Promise<Result> {
  const [shape, ...plainer] = shapes;
  if (shape === undefined) throw new Error('A card has no shape.');
  if (plainer.length === 0) return attempt(shape);
  const taken = await unlessRefused(parts, card, () => attempt(shape));
  return taken ?? firstTaken(parts, card, plainer, attempt);
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
  const guild = await guildOf(channel);
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
  const isClassic = (await parts.kinds.of(channel, post)) === 'classic';
  const said = isClassic ? { content, components: [] } : { components: [{ type: ComponentType.TextDisplay, content }] };
  const body = { allowed_mentions: { parse: [] }, attachments: [], ...said };
  await parts.api.rest.patch(Routes.channelMessage(channel, post), { body });
}
