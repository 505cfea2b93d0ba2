import type { Question } from '#core/task/asked.ts';

/** What an agent hears of a question that nobody answered in time. */
export function timedOutForAgent({ answer }: Pick<Question, 'answer'>): string {
  return answer === undefined
    ? 'Nobody answered in time. Go on without an answer as is safest, and say in your report what you assumed.'
    : `Nobody answered in time, so “${answer}” is taken. Go on with it, and say so in your report.`;
}
