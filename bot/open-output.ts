import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputFile } from '#core/chat/adapter.ts';
import { blobPlace } from '#core/run/places.ts';
import { outputById } from '#db/tasks/queries.ts';
import type { Application } from './application.ts';

/** A produced file with its bytes; `undefined` when there is none of that id, or its bytes are no longer kept. */
export async function openOutput({ db, home }: Application, outputId: string): Promise<OutputFile | undefined> {
  const found = await outputById(db, outputId);
  if (found === undefined) return undefined;
  const place = join(home, blobPlace(found.sha256));
  try {
    await access(place);
  } catch {
    return undefined;
  }
  const { name, mediaType, size, sha256 } = found;
  return { name, mediaType, size, sha256, open: () => createReadStream(place) };
}
