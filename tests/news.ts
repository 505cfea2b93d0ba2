import type { Database } from '#db/database.ts';

/** What `read` finds, as soon as it finds something: it is asked anew after each change of a task or of an answer's cards. */
export async function untilFound<Found>(db: Database, read: () => Promise<Found | undefined>): Promise<Found> {
  const news: { wake: () => void } = { wake: () => {} };
  const end = db.listener.on('commander_task', () => news.wake());
  try {
    for (;;) {
      const changed = new Promise<void>((resolve) => {
        news.wake = resolve;
      });
      const found = await read();
      if (found !== undefined) return found;
      await changed;
    }
  } finally {
    end();
  }
}
