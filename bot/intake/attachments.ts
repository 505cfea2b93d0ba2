import { extname } from 'node:path';
import type { ThreadAddress } from '#core/chat/adapter.ts';
import type { TaskAttachment } from '#core/task/state.ts';
import type { InboxBody } from '#db/schema.ts';
import { storeBlob } from '#workers/outputs/store-blob.ts';
import type { Application } from '../application.ts';

/** Bytes of one attachment: larger ones belong into the repository or a store of their own. */
const attachmentLimit = 100 * 1024 * 1024;

/** Fetches the files of a message from its platform into the data directory. */
export async function fetchAttachments(
  { adapters, home }: Application,
  thread: ThreadAddress,
  files: InboxBody['files'],
): Promise<readonly TaskAttachment[]> {
  const adapter = adapters.get(thread.platform);
  if (adapter === undefined) return [];
  const attachments: TaskAttachment[] = [];
  for (const file of files) {
    const { sha256, size } = await storeBlob(home, await adapter.download(file), attachmentLimit);
    const taken = attachments.filter((each) => each.name === file.name).length;
    const ending = extname(file.name);
    const name =
      taken === 0 ? file.name : `${file.name.slice(0, file.name.length - ending.length)}-${taken + 1}${ending}`;
    attachments.push({ name, mediaType: file.mediaType, size, sha256 });
  }
  return attachments;
}
