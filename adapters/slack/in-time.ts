import type { AdapterLog } from '#core/chat/platform.ts';

/** Answers Slack; what is given is shown or changes the form. */
export type Acknowledge = (answer?: object) => Promise<void>;

/** The same; false where Slack has been answered without it, because it waits no longer: then it is to be said in another way. */
export type Answer = (given?: object) => Promise<boolean>;

export interface InTime {
  readonly acknowledge: Acknowledge;
  /** After so long Slack is answered, with nothing; in milliseconds. */
  readonly answerMs: number;
  readonly log: AdapterLog;
}

/** Does what answers Slack; where that takes too long Slack is answered before. @throws what the work throws */
export async function inTime(
  { acknowledge, answerMs, log }: InTime,
  work: (answer: Answer) => Promise<void>,
): Promise<void> {
  let isAnswered = false;
  const answer: Answer = async (given) => {
    if (isAnswered) return false;
    isAnswered = true;
    clearTimeout(timer);
    await acknowledge(given);
    return true;
  };
  const timer = setTimeout(() => {
    answer().catch((error: unknown) => log.warn({ error }, 'Slack could not be told that it was heard'));
  }, answerMs);
  try {
    await work(answer);
  } finally {
    clearTimeout(timer);
  }
}
