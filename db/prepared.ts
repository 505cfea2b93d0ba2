import { createHash } from 'node:crypto';
import type pg from 'pg';

/** Runs a statement under a name, so that Postgres parses it once a connection. */
export type Prepared = (text: string, values: readonly unknown[]) => Promise<pg.QueryResult>;

/** Statements of this pool, named by their text. Only a statement of one part can be prepared. */
export function prepared(pool: pg.Pool): Prepared {
  return (text, values) => pool.query({ name: nameOf(text), text, values: [...values] });
}

const names = new Map<string, string>();

function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = createHash('sha1').update(text).digest('hex');
  names.set(text, name);
  return name;
}
