import { createHash } from 'node:crypto';
import type { Claim } from '#core/chat/platform.ts';
import { advisoryClass } from '../advisory.ts';
import type { Database } from '../database.ts';

/** Claims by advisory locks of the listening connection, which live exactly as long as it does. */
export function createClaim(db: Database, platform: string): Claim {
  return async (what, onLost) => {
    const key = keyOf(`${platform}:${what}`);
    const { rows } = await db.listener.query('select pg_try_advisory_lock($1, $2) as mine', [advisoryClass, key]);
    if (rows[0]?.mine !== true) return undefined;
    let held = true;
    db.listener.onLost(() => {
      if (held) onLost();
      held = false;
    });
    return {
      async release() {
        if (!held) return;
        held = false;
        await db.listener.query('select pg_advisory_unlock($1, $2)', [advisoryClass, key]);
      },
    };
  };
}

/** A second key of advisory locks: workers' are positive, the few fixed ones end above -1000. */
function keyOf(text: string): number {
  return -1000 - (createHash('sha256').update(text).digest().readUInt32BE() % 2_000_000_000);
}
