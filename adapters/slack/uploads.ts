import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type AdapterStore, type ChatHost, type OutputFile, PostLater, PostRefused } from '#core/chat/adapter.ts';
import type { Card, CardFile } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import { linkWith } from '#core/chat/link.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { formatBytes } from '#core/text/bytes.ts';
import { cut } from '#core/text/cut.ts';
import type { Api } from './api.ts';
import { drawCard } from './card.ts';
import { failed, graceOf, slackError, unanswered } from './failures.ts';
import { uploadLimit } from './limits.ts';
import type { Patience } from './patience.ts';
import { watchBytes } from './watch.ts';
import type { ApiOf } from './workspaces.ts';

interface UploadParts {
  readonly apiOf: ApiOf;
  readonly store: AdapterStore;
  readonly host: ChatHost;
  readonly log: AdapterLog;
  readonly patience: Patience;
  /** Says something in a thread, once for each key. */
  readonly say: (place: ThreadPlace, words: RichText, key: string) => Promise<void>;
}

interface ThreadPlace {
  readonly team: string;
  readonly channel: string;
  readonly ts: string;
}

/** Puts what has no place in a message into its thread as files: streamed, so a large one takes no memory. */
export interface Uploads {
  /** Puts one of a card's parts into the thread, once; what Slack does not take is said there. @throws what is worth trying again. */
  share(place: ThreadPlace, card: Card, part: string): Promise<void>;
}

/** Files whose bytes are on their way at once: each takes some memory, and they share the line. */
const sentAtOnce = 3;

export function createUploads(parts: UploadParts): Uploads {
  const inTurn = takeTurns(sentAtOnce);
  return {
    async share(place, card, part) {
      const file = filesOf(card).find(({ outputId }) => outputId === part);
      const output = file === undefined ? textsOf(card, parts.host.address).get(part) : await parts.host.output(part);
      if (output === undefined) return;
      const at = `${place.channel}/${place.ts}`;
      const mark = file === undefined ? `${part}/${at}` : `file:${part}/${at}`;
      await shareOnce(parts, { place, mark, output, file, inTurn });
    },
  };
}

/** Names of a card's files, and of the texts for which its message has no room. `address`: Commander's own, for people. */
export function partsOf(card: Card, address: string | undefined): readonly string[] {
  return [...new Set([...filesOf(card).map(({ outputId }) => outputId), ...textsOf(card, address).keys()])];
}

function filesOf({ blocks }: Card): readonly CardFile[] {
  return blocks.flatMap((block) => (block.kind === 'files' ? block.files : []));
}

/** Texts that have no room in a card, as files. */
function textsOf(card: Card, address: string | undefined): ReadonlyMap<string, OutputFile> {
  // Only these are ever put into a file, and drawing takes a while.
  if (!card.blocks.some(({ kind }) => kind === 'code' || kind === 'quote')) return new Map();
  const linkTo = linkWith(address);
  // Which of them the workspace took is not known here; in most cards nothing is left out in either.
  const left = (['newer', 'classic'] as const).flatMap((style) => drawCard(card, { linkTo, style }).left);
  return new Map(
    left.map(({ label, text }) => {
      const bytes = Buffer.from(text);
      async function* open() {
        yield bytes;
      }
      const file = { name: `${cut(label, 100)}.txt`, mediaType: 'text/plain', size: bytes.length, open };
      return [`text:${createHash('sha256').update(`${label}\n${text}`).digest('base64url')}`, file];
    }),
  );
}

/** How far a file is: Slack has its bytes, or not yet, or it stands in the thread (or never will). */
interface Progress {
  readonly id?: string | undefined;
  readonly state: 'begun' | 'uploaded' | 'settled';
  /** Nobody knows whether it stands there: until then it may yet come, in milliseconds since 1970. */
  readonly until?: number;
  /** When it failed first, in milliseconds since 1970. */
  readonly since?: number | undefined;
}

/** While a file may yet come it is looked for this often, in milliseconds. */
const lookMs = 2000;

interface Sharing {
  readonly place: ThreadPlace;
  /** Under which the store knows how far it is. */
  readonly mark: string;
  readonly output: OutputFile;
  /** Absent: it is a text of the card itself. */
  readonly file: CardFile | undefined;
  readonly inTurn: InTurn;
}

async function shareOnce(parts: UploadParts, sharing: Sharing): Promise<void> {
  const { store } = parts;
  const before = (await store.get(sharing.mark)) as Progress | string | undefined;
  // A text: written by an older version when it was done.
  if (typeof before === 'string' || before?.state === 'settled') return;
  const why = unfit(sharing.output) ?? (await whyNot(parts, sharing, before));
  if (why !== undefined) await sayWhyNot(parts, sharing, why);
  await store.set(sharing.mark, { id: before?.id, state: 'settled' } satisfies Progress);
}

/** Why Slack can not have a file, in words. */
function unfit({ size }: OutputFile): string | undefined {
  if (size === 0) return 'Slack takes no empty files';
  return size > uploadLimit ? `it is larger than ${formatBytes(uploadLimit)}` : undefined;
}

/** Tries to share a file, unless it stands there. @returns why it never will, in words */
async function whyNot(
  { apiOf, store, log, patience }: UploadParts,
  { place, mark, output, inTurn }: Sharing,
  before: Progress | undefined,
): Promise<string | undefined> {
  const api = apiOf(place.team);
  let id = before?.id;
  if (id !== undefined) {
    if (await isThere(api, id)) return undefined;
    // Nobody knows how an earlier attempt went: only what can not come any more is shared again.
    const left = (before?.until ?? 0) - Date.now();
    if (left > 0) throw new PostLater(Math.min(lookMs, left));
  }
  const { since } = before ?? {};
  if (since !== undefined && Date.now() - since > patience.shareMs)
    return 'Slack did not take it however often it was tried';
  try {
    id ??= await inTurn(() => upload(api, output, patience));
    // Before it is sent: of a process that dies then nobody is told how it went.
    const until = Date.now() + patience.callMs + patience.graces.unanswered;
    await store.set(mark, { id, state: 'uploaded', until, since } satisfies Progress);
    const files = [{ id, title: output.name }];
    const shared = { files, channel_id: place.channel, thread_ts: place.ts };
    await api.call('files.completeUploadExternal', shared, { urgency: 'soon' });
    return undefined;
  } catch (error) {
    if (isRefusal(error)) {
      log.warn({ error, name: output.name }, 'a file could not be put into the thread');
      return error instanceof PostRefused ? error.message.replace(/\.$/, '') : `Slack says “${slackError(error)}”`;
    }
    const until = Date.now() + graceOf(error, patience.graces);
    const failing = error instanceof PostLater ? since : (since ?? Date.now());
    await store.set(mark, {
      id,
      state: id === undefined ? 'begun' : 'uploaded',
      until,
      since: failing,
    } satisfies Progress);
    throw error;
  }
}

function sayWhyNot({ host, say }: UploadParts, { place, mark, output, file }: Sharing, why: string): Promise<void> {
  const kept: RichText =
    file === undefined || host.address === undefined
      ? ['Commander keeps it.']
      : [{ kind: 'link', text: 'Download it from Commander', href: file.href }];
  return say(place, [`${file?.name ?? output.name} could not be put here: ${why}. `, ...kept], `unshared:${mark}`);
}

/** A file exists for Slack once its upload was completed. */
async function isThere(api: Api, id: string): Promise<boolean> {
  try {
    await api.call('files.info', { file: id });
    return true;
  } catch (error) {
    if (slackError(error) === 'file_not_found') return false;
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof PostRefused || (slackError(error) !== undefined && graceOf(error) === 0);
}

type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Lets so many pieces of work go at once. */
function takeTurns(most: number): InTurn {
  const waiting: (() => void)[] = [];
  let working = 0;
  return async (work) => {
    if (working >= most) await new Promise<void>((go) => void waiting.push(go));
    else working += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) working -= 1;
      else next();
    }
  };
}

async function upload(api: Api, { name, size, open }: OutputFile, { stillMs }: Patience): Promise<string> {
  const { upload_url: url, file_id: id } = await api.call<{ readonly upload_url: string; readonly file_id: string }>(
    'files.getUploadURLExternal',
    { filename: name, length: size },
  );
  const watch = watchBytes(stillMs);
  async function* watched() {
    for await (const chunk of open()) {
      watch.moved();
      yield chunk;
    }
  }
  const sent = {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', 'content-length': String(size) },
    body: Readable.toWeb(Readable.from(watched())) as ReadableStream<Uint8Array>,
    duplex: 'half',
    signal: watch.signal,
  };
  const response = await fetch(url, sent as RequestInit)
    .catch(unanswered)
    .finally(watch.over);
  if (!response.ok) throw failed(response, 'an upload');
  return id;
}
