import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { OutputFile } from '#core/chat/adapter.ts';
import { blobPlace } from '#core/run/places.ts';
import { outputById } from '#db/tasks/queries.ts';
import type { Eyes } from '#db/tasks/visible.ts';
import type { Application } from './application.ts';
import { openDiff } from './diff-file.ts';
import { openLog } from './log-file.ts';

/**
 * A produced file with its bytes; `undefined` when there is none of that id, its bytes are no longer kept, or these eyes may not
 * see the task that made it.
 */
export async function openOutput(
  { db, home }: Pick<Application, 'db' | 'home'>,
  outputId: string,
  eyes: Eyes,
): Promise<OutputFile | undefined> {
  const found = await outputById(db, outputId, eyes);
  if (found === undefined) return openMade({ db, home }, outputId, eyes);
  const place = join(home, blobPlace(found.sha256));
  try {
    await access(place);
  } catch {
    return undefined;
  }
  const { name, mediaType, size, sha256 } = found;
  return { name, mediaType, size, sha256, open: () => createReadStream(place) };
}

async function openMade(
  application: Pick<Application, 'db' | 'home'>,
  id: string,
  eyes: Eyes,
): Promise<OutputFile | undefined> {
  const found = (await openDiff(application, id, eyes)) ?? (await openLog(application, id, eyes));
  if (found === undefined) return undefined;
  const { name, mediaType, size, text } = found;
  return { name, mediaType, size, open: () => Readable.from([Buffer.from(text)]) };
}
