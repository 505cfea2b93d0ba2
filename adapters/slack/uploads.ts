import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type AdapterStore, type ChatHost, type OutputFile, PostLater, PostRefused } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { linkWith } from '#core/chat/link.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
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
}

interface ThreadPlace {
  readonly team: string;
  readonly channel: string;
  readonly ts: string;
}

/** Puts a card's files into the thread, each once: streamed, so a large one takes no memory. @throws what is worth trying again. */
export async function shareFiles(parts: UploadParts, place: ThreadPlace, card: Card): Promise<void> {
  const files = card.blocks.flatMap((block) => (block.kind === 'files' ? block.files : []));
  for (const { outputId } of files) {
    const mark = `file:${outputId}/${place.channel}/${place.ts}`;
    await shareOnce(parts, place, mark, async () => {
      const output = await parts.host.output(outputId);
      return output === undefined || output.size > uploadLimit || output.size === 0 ? undefined : output;
    });
  }
}

/** Puts texts that had no room in a card into the thread, each once. */
export async function shareLeft(parts: UploadParts, place: ThreadPlace, card: Card): Promise<void> {
  const linkTo = linkWith(parts.host.address);
  // Which of them the workspace took is not known here; in most cards nothing is left out in either.
  const left = (['newer', 'classic'] as const).flatMap((style) => drawCard(card, { linkTo, style }).left);
  for (const { label, text } of left) {
    const digest = createHash('sha256').update(`${label}\n${text}`).digest('base64url');
    const bytes = Buffer.from(text);
    async function* open() {
      yield bytes;
    }
    const output = { name: `${cut(label, 100)}.txt`, mediaType: 'text/plain', size: bytes.length, open };
    await shareOnce(parts, place, `text:${digest}/${place.channel}/${place.ts}`, async () => output);
  }
}

/** How far a file is: Slack has its bytes, or it stands in the thread (or never will). */
interface Progress {
  readonly id?: string;
  readonly state: 'uploaded' | 'settled';
  /** Nobody knows whether it stands there: until then it may yet come, in milliseconds since 1970. */
  readonly until?: number;
}

/** While a file may yet come it is looked for this often, in milliseconds. */
const lookMs = 2000;

async function shareOnce(
  parts: UploadParts,
  place: ThreadPlace,
  mark: string,
  find: () => Promise<OutputFile | undefined>,
): Promise<void> {
  const { apiOf, store, log, patience } = parts;
  const before = (await store.get(mark)) as Progress | string | undefined;
  // A text: written by an older version when it was done.
  if (typeof before === 'string' || before?.state === 'settled') return;
  const output = await find();
  if (output === undefined) return;
  const api = apiOf(place.team);
  let id = before?.id;
  try {
    if (id === undefined) {
      id = await upload(api, output, patience);
      await store.set(mark, { id, state: 'uploaded' } satisfies Progress);
      await complete(parts, place, mark, id, output.name);
    } else await completeAgain(parts, place, mark, { id, until: before?.until }, output.name);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // The card itself is there and names the file: a file that Slack does not take must not hold it up.
    log.warn({ error, name: output.name }, 'a file could not be put into the thread');
  }
  await store.set(mark, { id, state: 'settled' } satisfies Progress);
}

/** Nobody knows how an earlier attempt to share it went: only what is not there, and can not come any more, is shared again. */
async function completeAgain(
  parts: UploadParts,
  place: ThreadPlace,
  mark: string,
  { id, until = 0 }: { readonly id: string; readonly until?: number | undefined },
  title: string,
): Promise<void> {
  if (await isThere(parts.apiOf(place.team), id)) return;
  const left = until - Date.now();
  if (left > 0) throw new PostLater(Math.min(lookMs, left));
  await complete(parts, place, mark, id, title);
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

async function complete(
  { apiOf, store, patience }: UploadParts,
  { team, channel, ts }: ThreadPlace,
  mark: string,
  id: string,
  title: string,
): Promise<void> {
  const shared = { files: [{ id, title }], channel_id: channel, thread_ts: ts };
  try {
    await apiOf(team).call('files.completeUploadExternal', shared);
  } catch (error) {
    const until = Date.now() + graceOf(error, patience.graces);
    await store.set(mark, { id, state: 'uploaded', until } satisfies Progress);
    throw error;
  }
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
