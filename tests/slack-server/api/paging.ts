import { Refusal } from './refusal.ts';

/** One page of a list and the cursor of the next, empty after the last. @throws Refusal `invalid_cursor`. */
export function slice<Item>(items: readonly Item[], cursor: string | undefined, limit: number) {
  const from =
    cursor === undefined || cursor === ''
      ? 0
      : Number(
          Buffer.from(cursor, 'base64')
            .toString()
            .replace(/^from:/, ''),
        );
  if (!Number.isInteger(from)) throw new Refusal('invalid_cursor');
  const next = from + limit < items.length ? Buffer.from(`from:${from + limit}`).toString('base64') : '';
  return { items: items.slice(from, from + limit), next };
}
