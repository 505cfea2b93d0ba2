import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { AdapterStore, ChatHost, OutputFile } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { linkWith } from '#core/chat/link.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { cut } from '#core/text/cut.ts';
import type { Api } from './api.ts';
import { drawCard } from './card.ts';
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

/**
 * Puts a card's files into the thread, each once: streamed, so a large one takes no memory. One whose sharing was cut short by a
 * crash is not sent again, for nobody knows whether it arrived; the card names it in any case.
 */
export async function shareFiles(parts: UploadParts, place: ThreadPlace, card: Card): Promise<void> {
  const api = parts.apiOf(place.team);
  const files = card.blocks.flatMap((block) => (block.kind === 'files' ? block.files : []));
  for (const { outputId } of files) {
    const mark = `file:${outputId}/${place.channel}/${place.ts}`;
    if ((await parts.store.get(mark)) !== undefined) continue;
    const output = await parts.host.output(outputId);
    if (output === undefined || output.size > uploadLimit || output.size === 0) continue;
    try {
      const fileId = await upload(api, output);
      await parts.store.set(mark, fileId);
      await complete(api, place, fileId, output.name);
    } catch (error) {
      // The card itself is there and names the file: a file that Slack does not take must not hold it up.
      parts.log.warn({ error, name: output.name }, 'a file could not be put into the thread');
    }
  }
}

/**
 * Puts texts that had no room in a card into the thread, each once. While a task is under way its card changes all the time, so
 * that is only done for cards that stay as they are: what is asked, and how it ended.
 */
export async function shareLeft(
  { apiOf, store, log, host }: UploadParts,
  place: ThreadPlace,
  card: Card,
): Promise<void> {
  if (card.tone === 'progress' || card.tone === 'neutral') return;
  const { left } = drawCard(card, { linkTo: linkWith(host.address), style: 'classic' });
  for (const { label, text } of left) {
    const digest = createHash('sha256').update(`${label}\n${text}`).digest('base64url');
    const mark = `text:${digest}/${place.channel}/${place.ts}`;
    if ((await store.get(mark)) !== undefined) continue;
    const bytes = Buffer.from(text);
    const name = `${cut(label, 100)}.txt`;
    async function* open() {
      yield bytes;
    }
    try {
      const api = apiOf(place.team);
      const fileId = await upload(api, { name, mediaType: 'text/plain', size: bytes.length, open });
      await store.set(mark, fileId);
      await complete(api, place, fileId, name);
    } catch (error) {
      log.warn({ error, name }, 'the whole text of a card could not be put into the thread');
    }
  }
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
  if (!response.ok) throw new Error(`Slack answered ${response.status} to an upload`);
  return id;
}
