import { z } from 'zod';

/** The Web API takes form fields (all texts) or JSON: these read either. */

export const flag = z.union([
  z.boolean(),
  z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1'),
]);
export const whole = z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]);
export const timeStamp = z.string().regex(/^\d{10}\.\d{6}$/, 'must be a message time stamp');

/** A value that travels as JSON text in a form. Text that is no JSON stays text, for the method to refuse. */
export const structure = z.unknown().transform((value) => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return value;
    throw error;
  }
});

/** Arguments of one method: no others are taken, but for `team_id`, which Bolt adds to every call of a listener, and `token`. */
export function args<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject({ ...shape, team_id: z.string().optional(), token: z.string().optional() });
}
