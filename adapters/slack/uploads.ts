import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type AdapterStore, type ChatHost, type OutputFile, PostRefused } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { linkWith } from '#core/chat/link.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { cut } from '#core/text/cut.ts';
import { type Api, slackError } from './api.ts';
import { drawCard } from './card.ts';
import { graceOf } from './doubts.ts';
import type { ApiOf } from './workspaces.ts';

interface UploadParts {
  readonly apiOf: ApiOf;
  readonly store: AdapterStore;
  readonly host: ChatHost;
  readonly log: AdapterLog;
}

interface ThreadPlace {
  readonly team: string;
  readonly channel: string;
  readonly ts: string;
}

/** Bytes of one file that are sent to Slack; a larger one is only linked to. Slack itself takes 1 GB. */
const uploadLimit = 200 * 1024 * 1024;

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

/**
 * Puts texts that had no room in a card into the thread, each once. While a task is under way its card changes all the time, so
 * that is only done for cards that stay as they are: what is asked, and how it ended.
 */
export async function shareLeft(parts: UploadParts, place: ThreadPlace, card: Card): Promise<void> {
  if (card.tone === 'progress' || card.tone === 'neutral') return;
  const { left } = drawCard(card, { linkTo: linkWith(parts.host.address), style: 'classic' });
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
}

async function shareOnce(
  { apiOf, store, log }: UploadParts,
  place: ThreadPlace,
  mark: string,
  find: () => Promise<OutputFile | undefined>,
): Promise<void> {
  const before = (await store.get(mark)) as Progress | string | undefined;
  // A text: written by an older version when it was done.
  if (typeof before === 'string' || before?.state === 'settled') return;
  const output = await find();
  if (output === undefined) return;
  const api = apiOf(place.team);
  let id = before?.id;
  try {
    if (id === undefined) {
      id = await upload(api, output);
      await store.set(mark, { id, state: 'uploaded' } satisfies Progress);
      await complete(api, place, id, output.name);
      // Nobody knows how an earlier attempt to share it went: only what is not there is shared again.
    } else if (!(await isThere(api, id))) await complete(api, place, id, output.name);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // The card itself is there and names the file: a file that Slack does not take must not hold it up.
    log.warn({ error, name: output.name }, 'a file could not be put into the thread');
  }
  await store.set(mark, { id, state: 'settled' } satisfies Progress);
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

async function complete(api: Api, { channel, ts }: ThreadPlace, id: string, title: string): Promise<void> {
  await api.call('files.completeUploadExternal', { files: [{ id, title }], channel_id: channel, thread_ts: ts });
}

async function upload(api: Api, { name, size, open }: OutputFile): Promise<string> {
  const { upload_url: url, file_id: id } = await api.call<{ readonly upload_url: string; readonly file_id: string }>(
    'files.getUploadURLExternal',
    { filename: name, length: size },
  );
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', 'content-length': String(size) },
    body: Readable.toWeb(Readable.from(open())) as ReadableStream<Uint8Array>,
    duplex: 'half',
  } as RequestInit);
  const problem = `Slack answered ${response.status} to an upload`;
  if (response.status >= 400 && response.status < 500 && response.status !== 429) throw new PostRefused(problem);
  if (!response.ok) throw new Error(problem);
  return id;
}
