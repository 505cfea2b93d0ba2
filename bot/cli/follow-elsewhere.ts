import { setTimeout as pause } from 'node:timers/promises';
import { plainText } from '#core/text/sanitise.ts';
import { exitCodes } from './exit-codes.ts';
import { askPage, lookMs, type TaskPage, whileAway } from './logs.ts';

/** How a task stands, as its page says it to programs. */
interface TaskStanding {
  readonly status: string;
  readonly ended: boolean;
  readonly words: readonly string[];
}

/**
 * Follows a task whose thread is on another platform: prints how it stands, and again when that changes, until it ends; the exit
 * code says whether it was completed. What is asked there is answered there.
 */
export async function followElsewhere(
  find: () => Promise<string>,
  page: TaskPage,
  print: (line: string) => void,
): Promise<number> {
  let said: readonly string[] = [];
  for (;;) {
    const answer = await whileAway(async () => askPage(await find(), page, 'state'));
    const { status, ended, words } = (await answer.json()) as TaskStanding;
    for (const line of words) if (!said.includes(line)) print(plainText(line));
    said = words;
    if (ended) return status === 'completed' ? exitCodes.done : exitCodes.refused;
    await pause(lookMs);
  }
}
