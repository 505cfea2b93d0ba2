import { Readable } from 'node:stream';
import type { AdapterStore, ChatHost, OutputFile } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import type { Api } from './api.ts';
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
      const share = { channel_id: place.channel, thread_ts: place.ts };
      await api.call('files.completeUploadExternal', { files: [{ id: fileId, title: output.name }], ...share });
    } catch (error) {
      // The card itself is there and names the file: a file that Slack does not take must not hold it up.
      parts.log.warn({ error, name: output.name }, 'a file could not be put into the thread');
    }
  }
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
