import { open } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { PostRefused } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { blobPlace } from '#core/run/places.ts';
import { StoreFull, TooLargeToStore } from '#core/run/stored-file.ts';
import type { TaskAttachment } from '#core/task/understanding.ts';
import { formatBytes } from '#core/text/bytes.ts';
import { plainText } from '#core/text/sanitise.ts';
import { storeBlob } from '#db/blobs/store-blob.ts';
import type { InboxMessage } from '#db/intake/inbox.ts';
import type { InboxBody } from '#db/schema.ts';
import { beginningOf, checkedMediaType } from '#workers/outputs/media-type.ts';
import type { Application } from '../application.ts';
import { noticeCard } from '../commands/cards.ts';

/** Bytes of one attachment: larger ones belong into the repository or a store of their own. */
const attachmentLimit = 100 * 1024 * 1024;

/** The files of a message, stored; or why some can not be, each in a sentence. */
export type FetchedAttachments =
  | { readonly ok: true; readonly attachments: readonly TaskAttachment[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * The files of a message, fetched from its platform into the data directory. What will not work by itself is told, a full disk
 * among it; anything else is thrown.
 */
export async function fetchAttachments(
  { adapters, home, attachmentBytes = attachmentLimit }: Application,
  { thread, body }: Pick<InboxMessage, 'thread'> & { readonly body: Pick<InboxBody, 'files' | 'stored'> },
): Promise<FetchedAttachments> {
  const { files, stored = [] } = body;
  const adapter = adapters.get(thread.platform);
  const attachments: TaskAttachment[] = [...stored];
  if (adapter === undefined) return { ok: true, attachments };
  const problems: string[] = [];
  for (const file of files) {
    try {
      if (file.size > attachmentBytes) throw new TooLargeToStore(attachmentBytes);
      const { sha256, size } = await storeBlob(home, await adapter.download(file), attachmentBytes);
      await using stored = await open(join(home, blobPlace(sha256)));
      const mediaType = checkedMediaType(file.mediaType, await beginningOf(stored));
      attachments.push({ name: freeName(file.name, attachments), mediaType, size, sha256 });
    } catch (error) {
      problems.push(problemOf(error, file, attachmentBytes));
    }
  }
  return problems.length === 0 ? { ok: true, attachments } : { ok: false, problems };
}

function problemOf(error: unknown, { name, size }: InboxBody['files'][number], limit: number): string {
  const shown = `“${plainText(name, { singleLine: true, maxLength: 100 })}”`;
  if (error instanceof PostRefused) return `${shown} can not be fetched: ${error.message}`;
  if (error instanceof StoreFull) return `${shown} can not be stored: ${error.message}`;
  if (!(error instanceof TooLargeToStore)) throw error;
  const found = size > limit ? ` (${formatBytes(size)})` : '';
  return `${shown}${found} is larger than ${formatBytes(limit)}. Put it into the project or where the command can fetch it.`;
}

/** Words without a file that came with them could mean something else, so they are not taken either. `then`: what did not happen. */
export function filesNotTaken(problems: readonly string[], then: string): Card {
  const title = problems.length === 1 ? 'A file can not be taken' : `${problems.length} files can not be taken`;
  const next = `${then} Your message stays as it is: send it again without the file, or with another one.`;
  return noticeCard(title, 'warning', [...problems, next]);
}

/** One list of files of which no two have the same name: a number is added to a later one. */
export function together(files: readonly TaskAttachment[], more: readonly TaskAttachment[]): readonly TaskAttachment[] {
  const all = [...files];
  for (const file of more) all.push({ ...file, name: freeName(file.name, all) });
  return all;
}

function freeName(name: string, others: readonly TaskAttachment[]): string {
  const taken = others.filter((each) => each.name === name).length;
  const ending = extname(name);
  return taken === 0 ? name : `${name.slice(0, name.length - ending.length)}-${taken + 1}${ending}`;
}
