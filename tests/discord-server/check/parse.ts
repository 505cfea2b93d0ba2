import type { z } from 'zod';
import { invalidBody } from '../refusal.ts';

/** Parses what was sent. @throws Refusal 50035 that says every fault at its place, unknown fields included. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw invalidBody(
    result.error.issues.flatMap((issue) => {
      if (issue.code !== 'unrecognized_keys')
        return [{ path: issue.path, code: codeOf(issue), message: issue.message }];
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        code: 'UNKNOWN_FIELD',
        message: 'The stand-in refuses fields that Discord does not describe.',
      }));
    }),
  );
}

function codeOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_big') return 'BASE_TYPE_BAD_LENGTH';
  if (issue.code === 'too_small') return 'BASE_TYPE_BAD_LENGTH';
  if (issue.code === 'custom') return String(issue.params?.code ?? 'BASE_TYPE_INVALID');
  return 'BASE_TYPE_CHOICES';
}
