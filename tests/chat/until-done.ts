import { setTimeout as pause } from 'node:timers/promises';
import { PostLater } from '#core/chat/adapter.ts';

/** What the presenter does: the same again, or what is newest by then, until the platform has it. */
export async function untilDone<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      await pause(error instanceof PostLater ? error.afterMs : 5);
    }
  }
}
