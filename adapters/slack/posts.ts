import type { KnownBlock } from '@slack/types';
import {
  type AdapterStore,
  type ChatHost,
  type PostId,
  PostLater,
  type ThreadAddress,
  type Urgency,
} from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { plainOf, type RichText } from '#core/chat/inline.ts';
import { type LinkTo, linkWith } from '#core/chat/link.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { type CommandThreads, type Place, placeOf } from './addresses.ts';
import type { Api } from './api.ts';
import { type DrawOptions, drawCard, wholeCard } from './card.ts';
import type { Doubts } from './doubts.ts';
import { graceOf, slackError } from './failures.ts';
import { messageTextRoom, pageLimit } from './limits.ts';
import type { Patience } from './patience.ts';
import { elementsOf } from './rich-text.ts';
import { drawSimple } from './simple.ts';
import { fitText } from './text.ts';
import { createUploads } from './uploads.ts';
import type { ApiOf } from './workspaces.ts';

export interface PostParts {
  readonly apiOf: ApiOf;
  readonly store: AdapterStore;
  readonly host: ChatHost;
  readonly threads: CommandThreads;
  readonly log: AdapterLog;
  readonly doubts: Doubts;
  readonly patience: Patience;
}

/** A channel, or with `ts` a thread of it. */
export type Where = Omit<Place, 'ts'> & Partial<Pick<Place, 'ts'>>;

export interface Posts {
  create(thread: ThreadAddress, card: Card, key: string, urgency: Urgency): Promise<PostId>;
  edit(thread: ThreadAddress, post: PostId, card: Card, urgency: Urgency): Promise<PostId>;
  /** As of core's `Sharing`. */
  share(thread: ThreadAddress, card: Card, part: string): Promise<void>;
  /** The message that opens the thread. */
  open(thread: ThreadAddress): Promise<Place>;
  /** Says something in a thread, or without `ts` in its channel, once for each key. */
  say(place: Where, words: RichText, key: string): Promise<void>;
}

interface Written {
  readonly text: string;
  readonly blocks?: readonly KnownBlock[];
}

/** A card in the forms that a workspace may take, the richest first. */
interface Forms {
  newer(): Written;
  classic(): Written;
  simple(): Written;
  /** In words, for where all blocks are refused. */
  plain(): Written;
}

interface Message {
  readonly ts?: string;
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: Readonly<Record<string, unknown>> };
}

/** Our messages carry the key of their card: it finds one whose answer was lost. No secrets: every app can read it. */
const metadataType = 'commander_card';

/** Begins the keys under which the store knows what is being posted. */
const postingSign = 'posting:';

/** Begins the keys under which the store knows messages that took the place of deleted ones. */
const againSign = 'again:';

/** A message that was sent, or was about to be; with `ts` when Slack has it. */
interface Posting {
  readonly at: number;
  readonly ts?: string;
  /** Nobody knows whether it was sent: until then it may yet arrive, in milliseconds since 1970. */
  readonly until?: number;
}

/** While a post may yet arrive it is looked for this often, in milliseconds. */
const lookMs = 2000;

/** What is known of a post longer than this is in the application's own books, in milliseconds. */
const postingKeptMs = 7 * 24 * 3600_000;

/** Forgets old postings. */
export async function forgetPostings(store: AdapterStore): Promise<void> {
  for (const [key, value] of await store.list(postingSign))
    if ((value as Posting).at < Date.now() - postingKeptMs) await store.delete(key);
}

/** No previews of links: they would show what a person did not ask to see. */
const quiet = { unfurl_links: false, unfurl_media: false };

/** Posts cards as messages, each once, and keeps them up to date. */
export function createPosts(parts: PostParts): Posts {
  const { apiOf, store, threads, host, doubts, patience } = parts;
  const { graces } = patience;
  /** Workspaces that do not take newer blocks. */
  const classic = new Set<string>();

  async function open(thread: ThreadAddress): Promise<Place> {
    const found = await threads.find(thread);
    const place = placeOf(thread);
    if ('ts' in found) return { ...place, ts: found.ts };
    const text = fitText(found.words, messageTextRoom);
    const ts = await once(place, undefined, thread.thread, 'now', { text });
    await threads.opened(thread, ts);
    return { ...place, ts };
  }

  async function create(thread: ThreadAddress, card: Card, key: string, urgency: Urgency): Promise<PostId> {
    const place = await open(thread);
    const ping = card.notifies?.externalId.split('/').at(-1);
    return once(place, place.ts, key, urgency, (linkTo) =>
      formsOf(card, { linkTo, ...(ping === undefined ? {} : { ping }) }),
    );
  }

  /** Makes a message that nobody knows of twice: it is remembered before it is sent, and looked for when it was before. */
  async function once(
    { team, channel }: Omit<Place, 'ts'>,
    thread: string | undefined,
    key: string,
    urgency: Urgency,
    message: Written | ((linkTo: LinkTo) => Forms),
  ): Promise<string> {
    const api = apiOf(team);
    const mark = `${postingSign}${key}`;
    const before = (await store.get(mark)) as Posting | undefined;
    if (before?.ts !== undefined) return before.ts;
    if (before !== undefined) {
      const found = await find(api, channel, thread, key);
      if (found !== undefined) {
        await store.set(mark, { at: Date.now(), ts: found } satisfies Posting);
        return found;
      }
      // Sent again now, it could be there twice. Of a process that died only its connection is left.
      const left = (before.until ?? before.at + graces.failed) - Date.now();
      if (left > 0) throw new PostLater(Math.min(lookMs, left));
    }
    await store.set(mark, { at: Date.now() } satisfies Posting);
    const shared = { channel, ...(thread === undefined ? {} : { thread_ts: thread }), ...quiet };
    const metadata = { event_type: metadataType, event_payload: { key } };
    const sent = await drawn(team, message, (body) =>
      api.call<{ readonly ts: string }>(
        'chat.postMessage',
        { ...shared, ...body, metadata },
        { urgency, lane: channel },
      ),
    ).catch(async (error: unknown) => {
      const graceMs = graceOf(error, graces);
      if (graceMs === 0) await store.delete(mark);
      else await store.set(mark, { at: Date.now(), until: Date.now() + graceMs } satisfies Posting);
      throw error;
    });
    // Kept: this process may die before it is written down elsewhere that the message is there.
    await store.set(mark, { at: Date.now(), ts: sent.ts } satisfies Posting);
    return sent.ts;
  }

  async function find(api: Api, channel: string, thread: string | undefined, key: string): Promise<string | undefined> {
    const method = thread === undefined ? 'conversations.history' : 'conversations.replies';
    const where = {
      channel,
      include_all_metadata: true,
      limit: pageLimit,
      ...(thread === undefined ? {} : { ts: thread }),
    };
    for (let cursor: string | undefined; ; ) {
      const page = await api.call<{
        readonly messages?: readonly Message[];
        readonly response_metadata?: { readonly next_cursor?: string };
      }>(method, { ...where, ...(cursor === undefined ? {} : { cursor }) });
      const found = page.messages?.find(({ metadata }) => metadata?.event_payload?.key === key);
      if (found !== undefined) return found.ts;
      cursor = page.response_metadata?.next_cursor || undefined;
      // The newest page of a channel is enough: what was lost was lost just now.
      if (cursor === undefined || thread === undefined) return undefined;
    }
  }

  /** Sends a message as blocks; where the workspace refuses them in plainer and plainer form, so that it always arrives. */
  async function drawn<Answer>(
    team: string,
    message: Written | ((linkTo: LinkTo) => Forms),
    send: (body: Written) => Promise<Answer>,
  ): Promise<Answer> {
    if (typeof message !== 'function') return send(message);
    const forms = message(linkWith(host.address));
    const isNew = !classic.has(team);
    // What is too long says nothing of the kinds of blocks.
    let isTooLong = false;
    for (const form of isNew ? (['newer', 'classic', 'simple'] as const) : (['classic', 'simple'] as const)) {
      try {
        const answer = await send(forms[form]());
        if (form === 'classic' && isNew && !isTooLong) onlyClassic(team);
        if (form === 'simple')
          parts.log.warn({}, 'Slack refused the blocks of a card; it is shown in the simplest ones');
        return answer;
      } catch (error) {
        if (!refusesBlocks(error)) throw error;
        isTooLong = slackError(error) === 'msg_blocks_too_long';
      }
    }
    parts.log.warn({}, 'Slack refused all blocks of a card; it is shown as plain text');
    return send(forms.plain());
  }

  function onlyClassic(team: string): void {
    classic.add(team);
    parts.log.warn(
      { team },
      'the workspace does not take newer blocks; plans, alerts and Markdown are shown in others',
    );
  }

  async function edit(thread: ThreadAddress, post: PostId, card: Card, urgency: Urgency): Promise<PostId> {
    const { team, channel } = placeOf(thread);
    try {
      await doubts.write(`${thread.channel}/${post}`, JSON.stringify(card), () =>
        drawn(
          team,
          (linkTo) => formsOf(card, { linkTo }),
          (body) => apiOf(team).call('chat.update', { channel, ts: post, ...body }, { urgency }),
        ),
      );
    } catch (error) {
      if (slackError(error) !== 'message_not_found') throw error;
      return again(thread, post, card, urgency, error);
    }
    return post;
  }

  /** Somebody deleted the card: it comes again, once; who deletes it twice does not want it. */
  async function again(thread: ThreadAddress, post: PostId, card: Card, urgency: Urgency, error: unknown) {
    const sign = (ts: PostId) => `${againSign}${thread.channel}/${ts}`;
    if ((await store.get(sign(post))) !== undefined) throw error;
    const place = await open(thread);
    const next = await once(place, place.ts, `${sign(post)}`, urgency, (linkTo) => formsOf(card, { linkTo }));
    await store.set(sign(next), post);
    return next;
  }

  async function say({ ts, ...place }: Where, words: RichText, key: string): Promise<void> {
    const elements = elementsOf(words, linkWith(host.address));
    const block: KnownBlock = { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
    await once(place, ts, key, 'now', { text: fitText(plainOf(words), messageTextRoom), blocks: [block] });
  }

  const uploads = createUploads({ ...parts, say });

  return {
    create,
    edit,
    share: async (thread, card, part) => uploads.share(await open(thread), card, part),
    open,
    say,
  };
}

function formsOf(card: Card, options: Pick<DrawOptions, 'linkTo' | 'ping'>): Forms {
  const text = wholeCard(card);
  const called = options.ping === undefined ? '' : ` <@${options.ping}>`;
  return {
    newer: () => ({ text, blocks: drawCard(card, { ...options, style: 'newer' }).blocks }),
    classic: () => ({ text, blocks: drawCard(card, { ...options, style: 'classic' }).blocks }),
    simple: () => ({ text, blocks: drawSimple(card, { ...options, style: 'classic' }) }),
    // The blocks of a message stay when a change names none (Slack's method reference of chat.update, some of its versions).
    plain: () => ({ text: `${text}${called}`, blocks: [] }),
  };
}

function refusesBlocks(error: unknown): boolean {
  return ['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long'].includes(slackError(error) ?? '');
}
