import type { Manner } from '#core/preferences/preference.ts';
import { presentationOf } from '#core/preferences/resolve.ts';
import type { Database } from '#db/database.ts';
import { choicesOfMessage } from '#db/preferences/preferences.ts';

/** How an answer to a message sounds: as was chosen where it was said, or by who said it. */
export async function mannerOf(db: Database, messageId: string, projectId?: string): Promise<Manner> {
  return presentationOf(await choicesOfMessage(db, messageId, projectId)).manner;
}
