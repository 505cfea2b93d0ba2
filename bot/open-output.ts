import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { OutputFile } from '#core/chat/adapter.ts';
import { blobPlace } from '#core/run/places.ts';
import { outputById } from '#db/tasks/queries.ts';
import type { Application } from './application.ts';
import { openDiff } from './diff-file.ts';

/** A produced file with its bytes; `undefined` when there is none of that id, or its bytes are no longer kept. */
export async function openOutput(
  { db, home }: Pick<Application, 'db' | 'home'>,
  outputId: string,
): Promise<OutputFile | undefined> {
  const found = await outputById(db, outputId);
  if (found === undefined) return openDiffOutput({ db, home }, outputId);
  const place = join(home, blobPlace(found.sha256));
  try {
    await access(place);
  } catch {
    return undefined;
  }
  const { name, mediaType, size, sha256 } = found;
  return { name, mediaType, size, sha256, open: () => createReadStream(place) };
}

async function openDiffOutput(
  application: Pick<Application, 'db' | 'home'>,
  id: string,
): Promise<OutputFile | undefined> {
  const found = await openDiff(application, id);
  if (found === undefined) return undefined;
  const { name, size, text } = found;
  return { name, mediaType: 'text/x-diff', size, open: () => Readable.from([Buffer.from(text)]) };
}
