import { RESTJSONErrorCodes } from 'discord.js';
import { type AdapterStore, type PostId, PostRefused, type ThreadAddress, type Urgency } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import { explained, isCode } from './api.ts';
import { closedFor, crowded, type Detour, type Detours, locked } from './detours.ts';
import { frozenAfterMs } from './limits.ts';
import { linkToMessage } from './links.ts';
import { idBefore, madeAt } from './nonce.ts';
import type { Pace } from './pace.ts';
import type { Places } from './places.ts';
import type { RightsWatch } from './rights-watch.ts';
import { changeCard, closeCard, findMessage, type SendParts, sendCard } from './send.ts';
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
  edit(thread: ThreadAddress, post: PostId, card: Card, urgency: Urgency): Promise<PostId>;
}

/** Posts cards as messages, each once, and keeps them up to date. */
export function createPosts(parts: PostParts): Posts {
  const { places, detours, store, pace, log } = parts;
  const tries = createTries(Date.now());

  async function create(thread: ThreadAddress, card: Card, key: string): Promise<PostId> {
    try {
      const post = await made(thread, card, key);
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
  async function made(thread: ThreadAddress, card: Card, key: string, after?: PostId): Promise<PostId> {
    const detour = await detours.of(thread);
    if (detour !== undefined) return aside(thread, detour, card, key, after);
    try {
      const channel = await places.open(thread, plainOf(card.title));
      return await once(channel, card, key, after);
    } catch (error) {
      if (thread.channel === thread.thread) throw error;
      const why = closedFor(error) ?? (await parts.rights.whyNoThread(thread, error));
      if (why === undefined) throw error;
      return aside(thread, await around(thread, why, card, error), card, key);
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

  async function aside(thread: ThreadAddress, detour: Detour, card: Card, key: string, after?: PostId) {
    const sameChannel = after !== undefined && BigInt(after) > BigInt(detour.since);
    const post = await once(detour.channel, card, key, sameChannel ? after : undefined);
    await detours.remember(thread, post);
    return post;
  }

  async function once(channel: string, card: Card, key: string, after?: PostId): Promise<PostId> {
    const found = tries.mayExist(key) ? await findMessage(parts, channel, key, idBefore(key)) : undefined;
    if (found !== undefined) return found;
    tries.begin(key);
    return sendCard(parts, { channel, card, key, ...(after === undefined ? {} : { after }) });
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
      return made(thread, calmed(card), keyAfter(post));
    }
  }

  /** Somebody deleted the message: it is posted once more when somebody waits for it, and then left away. */
  async function again(thread: ThreadAddress, post: PostId, card: Card, urgency: Urgency): Promise<PostId> {
    if (urgency === 'soon') return post;
    if ((await store.get(`again:${post}`)) !== undefined)
      throw new PostRefused('The message was deleted twice: it is left away.');
    const next = await made(thread, calmed(card), keyAfter(post));
    await store.set(`again:${next}`, true);
    return next;
  }

  /** The card goes on in a new message, of which there is one however often this is tried; each leads to the other. */
  async function continued(thread: ThreadAddress, channel: string, post: PostId, card: Card): Promise<PostId> {
    const next = await made(thread, calmed(card), keyAfter(post), post);
    const link = await linkToMessage(places, await channelOf(thread, next), next);
    await closeCard(parts, channel, post, link).catch((error: unknown) =>
      log.warn({ error, post }, 'an old message could not be made to lead to the one in which it goes on'),
    );
    return next;
  }

  return { create, edit };
}

/** Whom a card calls it has called when it first appeared. */
function calmed({ notifies: _called, ...card }: Card): Card {
  return card;
}

/** The key of what comes after a post: the same however often it is tried. */
function keyAfter(post: PostId): string {
  return BigInt(post).toString(16);
}
