import { z } from 'zod';
import { isFiller } from './agent-request.ts';
import { wordsOf } from './phrases.ts';

const says = 'must be words that a request may have, such as login or sign in, and not only such as “the” or “run”';

/** Words by which a project's own file leads requests to it. What stands in every request would take them all, so that alone is refused. */
export const routeWords = z
  .string({ error: says })
  .max(60, 'must be at most 60 characters')
  .regex(/^[^\n\r\0]*$/, 'must be one line')
  .refine((text) => wordsOf(text).some((word) => /[\p{L}\p{N}]{2}/u.test(word) && !isFiller(word)), says);
