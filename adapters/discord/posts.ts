import { type APIMessage, MessageFlags, type RawFile, RESTJSONErrorCodes, Routes } from 'discord.js';
import { type ChatHost, type PostId, PostLater, type ThreadAddress, type Urgency } from '#core/chat/adapter.ts';
import type { Card, CardFile } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import { linkWith } from '#core/chat/link.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { type Api, explained, isCode, readMessages } from './api.ts';
import { attachmentName, drawCard, plainCard } from './card.ts';
import { fileBytesLimit, fileLimit, frozenAfterMs } from './limits.ts';
import { madeAt, markerOf, nonceOf } from './nonce.ts';
import type { Places } from './places.ts';

export interface PostParts {
  readonly api: Api;
  readonly places: Places;
  readonly host: ChatHost;
  readonly log: AdapterLog;
  /** The bot's own id. */
  readonly self: () => string;
}

export interface Posts {
  create(thread: ThreadAddress, card: Card, key: string): Promise<PostId>;
  edit(thread: ThreadAddress, post: PostId, card: Card, urgency: Urgency): Promise<PostId>;
}

/** How long Discord surely remembers a nonce, in milliseconds: "the past few minutes", of which we trust one. */
const nonceTrustMs = 60_000;

/** Between two edits of one message that only show progress, in milliseconds: five a bucket of 5 s, half of them kept free. */
const progressMs = 2000;

/** An edit in a thread that is archived (docs, Threads). */
const archivedThread = 50_083;

/** The longest wait before it is asked again, in milliseconds: the end of a task is shown about as late. */
const laterMs = 500;

/** Messages that are read when the answer to a post was lost. */
const lookBack = 50;

/** Posts cards as messages, each once, and keeps them up to date. */
export function createPosts(parts: PostParts): Posts {
  const { places, log } = parts;
  const attempts = new Map<string, number>();
  const edited = new Map<string, number>();
  const begun = Date.now();

  async function create(thread: ThreadAddress, card: Card, key: string): Promise<PostId> {
    try {
      const channel = await places.open(thread, plainOf(card.title));
      const found = mayExist(key) ? await find(parts, channel, markerOf(key)) : undefined;
      if (found !== undefined) return found;
      attempts.set(key, attempts.get(key) ?? Date.now());
      const id = await send(parts, channel, card, key);
      attempts.delete(key);
      return id;
    } catch (error) {
      throw explained(error, log);
    }
  }

  /** A try whose answer was lost may be older than Discord's memory of nonces: then its message is looked for. */
  function mayExist(key: string): boolean {
    const first = attempts.get(key);
    if (first !== undefined) return Date.now() - first > nonceTrustMs;
    // What an earlier process of ours tried is not known here.
    return Date.now() - begun < 10 * nonceTrustMs;
  }

  async function edit(thread: ThreadAddress, post: PostId, card: Card, urgency: Urgency): Promise<PostId> {
    try {
      if (Date.now() - madeAt(post) > frozenAfterMs) return await continued(thread, post, card);
      if (urgency === 'soon') pace(post);
      edited.set(post, Date.now());
      const channel = await places.open(thread, plainOf(card.title));
      await change(parts, channel, post, card);
      return post;
    } catch (error) {
      throw explained(error, log);
    }
  }

  /** The card goes on in a new message, of which there is one however often this is tried. */
  async function continued(thread: ThreadAddress, post: PostId, card: Card): Promise<PostId> {
    return create(thread, card, BigInt(post).toString(16));
  }

  /** Progress comes later when the last edit was just now, and by then it may be newer progress. */
  function pace(post: PostId): void {
    const wait = (edited.get(post) ?? 0) + progressMs - Date.now();
    if (edited.size > lookBack * lookBack) edited.clear();
    if (wait > 0) throw new PostLater(Math.min(wait, laterMs));
  }

  return { create, edit };
}

async function find({ api, self }: PostParts, channel: string, marker: number): Promise<string | undefined> {
  const messages = await readMessages(api, channel, { limit: lookBack });
  return messages.find(
    ({ author, components }) =>
      author.id === self() && components?.some((component) => 'id' in component && component.id === marker),
  )?.id;
}

async function send(parts: PostParts, channel: string, card: Card, key: string): Promise<PostId> {
  const { api } = parts;
  const once = { nonce: nonceOf(key), enforce_nonce: true };
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

async function change(parts: PostParts, channel: string, post: PostId, card: Card): Promise<void> {
  const { files, container } = await draw(parts, card, markerOf(`${BigInt(post).toString(16)}0`));
  const attachments = files.map(({ name }, index) => ({ id: String(index), filename: name }));
  const body = { allowed_mentions: { parse: [] }, components: [container], attachments };
  try {
    await parts.api.rest.patch(Routes.channelMessage(channel, post), { body, files });
  } catch (error) {
    // Sending would wake an archived thread, editing does not.
    if (!isCode(error, archivedThread)) throw error;
    await parts.api.rest.patch(Routes.channel(channel), { body: { archived: false } });
    await parts.api.rest.patch(Routes.channelMessage(channel, post), { body, files });
  }
}

async function draw({ host }: PostParts, card: Card, marker: number) {
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
