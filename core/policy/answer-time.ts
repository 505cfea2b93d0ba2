import { z } from 'zod';
import { duration, durationMs } from '../project-file/fields.ts';

/** Less than a minute nobody can be expected to answer in. */
const leastMs = 60_000;

const says = 'must be never, or a time from 1m to 7d such as 30m or 4h';

/** How long a question waits for an answer before its stated default holds. */
export const answerTime = z
  .union([z.literal('never'), z.number(), z.string()], { error: says })
  .refine((value) => value === 'never' || (duration.safeParse(value).success && durationMs(value) >= leastMs), {
    error: says,
  })
  .meta({ examples: ['30m', '4h', 'never'] });

/** How people are asked. */
export const questions = z.strictObject(
  {
    answer_within: answerTime
      .optional()
      .meta({ description: 'How long a question waits before its stated default holds; 1h unless said, or never.' }),
  },
  { error: 'must be a set of keys' },
);

/** The same as tasks keep it: milliseconds. */
export function answerMs(value: z.infer<typeof answerTime>): number | 'never' {
  return value === 'never' ? value : durationMs(value);
}
