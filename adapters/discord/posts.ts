import { RESTJSONErrorCodes } from 'discord.js';
import { type AdapterStore, type PostId, PostRefused, type ThreadAddress, type Urgency } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import { explained, isCode } from './api.ts';
import { filesOf } from './card.ts';
import { closedFor, crowded, type Detour, type Detours, locked } from './detours.ts';
import { frozenAfterMs } from './limits.ts';
import { linkToMessage } from './links.ts';
import { idBefore, madeAt } from './nonce.ts';
import type { Pace } from './pace.ts';
import type { Places } from './places.ts';
import { keepRecent } from './recent.ts';
import type { RightsWatch } from './rights-watch.ts';
import { changeCard, closeCard, findMessage, type SendParts, type Sent, sendCard } from './send.ts';
import { createTries } from './tries.ts';

export interface PostParts extends SendParts {
  readonly places: Places;
  readonly detours: Detours;
  readonly store: AdapterStore;
  readonly rights: RightsWatch;
  readonly pace: Pace;
}

export interface Posts {
  create(thread: ThreadAddress, card: Card, key: string): Promise<PostId>;
  /** As of core's `Sharing`: a part is a file, by its output. */
  share(thread: ThreadAddress, card: Card, part: string, key: string): Promise<void>;
  edit(thread: ThreadAddress, post: PostId, card: Card, urgency: Urgency): Promise<PostId>;
}

/** What a new message has, wherever it stands. */
type Wanted = Omit<Sent, 'channel'>;

/** A file that could not be sent for so long is only named, with where it is, in milliseconds. */
const shareMs = 10 * 60_000;

/** Posts cards as messages, each once, and keeps them up to date. */
export function createPosts(parts: PostParts): Posts {
  const { places, detours, store, pace, log } = parts;
  const tries = createTries(Date.now());

  /** Since when files of these keys could not be sent, in milliseconds since 1970. */
  const failing = new Map<string, number>();

  async function share(thread: ThreadAddress, card: Card, part: string, key: string): Promise<void> {
    const file = filesOf(card).find(({ outputId }) => outputId === part);
    if (file === undefined) return;
    const since = failing.get(key) ?? Date.now();
    const alone: Card = {
      key: card.key,
      tone: 'neutral',
      title: card.title,
      blocks: [{ kind: 'files', files: [file] }],
      summary: file.name,
    };
    const files = Date.now() - since > shareMs ? 'named' : 'along';
    try {
      await create(thread, { card: alone, key, files });
    } catch (error) {
      keepRecent(failing, key, since);
      throw error;
    }
    failing.delete(key);
  }

  async function create(thread: ThreadAddress, wanted: Wanted): Promise<PostId> {
    try {
      const post = await made(thread, wanted);
      for (const channel of parts.rights.lifted(thread.channel)) await readmitted(channel);
      return post;
    } catch (error) {
      throw (await parts.rights.refused(thread, error)) ?? explained(error, log);
    }
  }

  /** A post that stands is not to be made again because of what did not come after it. */
  async function readmitted(channel: string): Promise<void> {
    await parts.host
      .readmitted(channel)
      .catch((error: unknown) => log.warn({ error, channel }, 'what was refused in a channel is not tried again'));
  }

  /** A new message in the thread or, when that takes nothing any more, in what took its place. */
  async function made(thread: ThreadAddress, wanted: Wanted): Promise<PostId> {
    const { after: _elsewhere, ...anew } = wanted;
    const { card } = wanted;
    const detour = await detours.of(thread);
    if (detour !== undefined) return aside(thread, detour, wanted);
    try {
      const channel = await places.open(thread, plainOf(card.title));
      return await once(channel, wanted);
    } catch (error) {
      if (thread.channel === thread.thread) throw error;
      const why = closedFor(error) ?? (await parts.rights.whyNoThread(thread, error));
      if (why === undefined) throw error;
      return aside(thread, await around(thread, why, card, error), anew);
    }
  }

  /** The way around a thread that takes nothing any more. What was private stays so: then there is none. */
  async function around(thread: ThreadAddress, why: string, card: Card, cause: unknown): Promise<Detour> {
    if (await places.isPrivate(thread)) {
      if (why === crowded) throw cause;
      throw new PostRefused(`The private thread ${why}, and its cards are not shown anywhere else.`, { cause });
    }
    return detours.begin(thread, why, plainOf(card.title));
  }

  async function aside(thread: ThreadAddress, detour: Detour, { after, ...anew }: Wanted) {
    const sameChannel = after !== undefined && BigInt(after) > BigInt(detour.since);
    const post = await once(detour.channel, { ...anew, ...(sameChannel ? { after } : {}) });
    await detours.remember(thread, post);
    return post;
  }

  async function once(channel: string, wanted: Wanted): Promise<PostId> {
    const { key } = wanted;
    const found = tries.mayExist(key) ? await findMessage(parts, channel, key, idBefore(key)) : undefined;
    if (found !== undefined) return found;
    tries.begin(key);
    return sendCard(parts, { channel, ...wanted });
  }

  async function edit(thread: ThreadAddress, post: PostId, card: Card, urgency: Urgency): Promise<PostId> {
    try {
      const channel = await channelOf(thread, post);
      if (urgency === 'soon') pace.progress(channel, post);
      if (Date.now() - madeAt(post) > frozenAfterMs) return await continued(thread, channel, post, card);
      return await pace.edit(channel, post, () => changed(thread, channel, post, card, urgency));
    } catch (error) {
      throw explained(error, log);
    }
  }

  async function channelOf(thread: ThreadAddress, post: PostId): Promise<string> {
    return (await detours.channelOf(thread, post)) ?? places.locate(thread);
  }

  async function changed(
    thread: ThreadAddress,
    channel: string,
    post: PostId,
    card: Card,
    urgency: Urgency,
  ): Promise<PostId> {
    try {
      await changeCard(parts, channel, post, card);
      return post;
    } catch (error) {
      if (isCode(error, RESTJSONErrorCodes.UnknownMessage)) return again(thread, post, card, urgency);
      // An archived thread that may not be opened is locked.
      const isLocked = isCode(error, RESTJSONErrorCodes.MissingPermissions);
      const why = closedFor(error) ?? (isLocked ? locked : undefined);
      if (why === undefined || thread.channel === thread.thread) throw error;
      if ((await detours.of(thread)) === undefined) await around(thread, why, card, error);
      return made(thread, { card: calmed(card), key: keyAfter(post) });
    }
  }

  /** Somebody deleted the message: it is posted once more when somebody waits for it, and then left away. */
  async function again(thread: ThreadAddress, post: PostId, card: Card, urgency: Urgency): Promise<PostId> {
    if (urgency === 'soon') return post;
    if ((await store.get(`again:${post}`)) !== undefined)
      throw new PostRefused('The message was deleted twice: it is left away.');
    const next = await made(thread, { card: calmed(card), key: keyAfter(post) });
    await store.set(`again:${next}`, true);
    return next;
  }

  /** The card goes on in a new message, of which there is one however often this is tried; each leads to the other. */
  async function continued(thread: ThreadAddress, channel: string, post: PostId, card: Card): Promise<PostId> {
    const next = await made(thread, { card: calmed(card), key: keyAfter(post), after: post });
    const link = await linkToMessage(places, await channelOf(thread, next), next);
    await closeCard(parts, channel, post, link).catch((error: unknown) =>
      log.warn({ error, post }, 'an old message could not be made to lead to the one in which it goes on'),
    );
    return next;
  }

  return { create: (thread, card, key) => create(thread, { card, key }), share, edit };
}

/** Whom a card calls it has called when it first appeared. */
function calmed({ notifies: _called, ...card }: Card): Card {
  return card;
}

/** The key of what comes after a post: the same however often it is tried. */
function keyAfter(post: PostId): string {
  return BigInt(post).toString(16);
}
