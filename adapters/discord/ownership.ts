import { setTimeout as pause } from 'node:timers/promises';
import { PlatformTaken } from '#core/chat/adapter.ts';
import type { AdapterLog, Claim, Claimed } from '#core/chat/platform.ts';

export interface OwnershipParts {
  readonly claim: Claim;
  /** What there is one of: the application, of which Discord brings everything to each connection. */
  readonly what: string;
  readonly log: AdapterLog;
  readonly tell: (sentence: string) => void;
  /** Begins what only the owner does; when it fails, it is tried again. */
  readonly lead: () => Promise<void>;
  /** Ends it, because another process does it now. */
  readonly step: () => Promise<void>;
  /** Between two tries to have it again, in milliseconds. Default: 1000. */
  readonly againMs?: number;
}

export interface Ownership {
  release(): Promise<void>;
}

const takenWords =
  'Another Commander on this database is connected with this token. This one waits, and takes over when that one ends.';

/** Leads as soon and as long as nobody else does. @throws PlatformTaken when another process leads now, or what `lead` throws */
export async function own({ claim, what, log, tell, lead, step, againMs = 1000 }: OwnershipParts): Promise<Ownership> {
  const ending = new AbortController();
  let claimed: Claimed | undefined = await claim(what, () => void lost());
  if (claimed === undefined) throw new PlatformTaken(takenWords);
  let leading = true;

  /** The database was away: whoever comes first has it now. */
  async function lost(): Promise<void> {
    claimed = undefined;
    while (!ending.signal.aborted && (claimed === undefined || !leading)) {
      try {
        await pause(againMs, undefined, { signal: ending.signal });
        claimed ??= await claim(what, () => void lost());
        if (claimed !== undefined && !leading) await takeOver();
        if (claimed === undefined && leading) await stepBack();
      } catch (error) {
        if (!ending.signal.aborted)
          log.warn({ error }, 'who is connected to Discord could not be settled; trying again');
      }
    }
  }

  async function takeOver(): Promise<void> {
    await lead();
    leading = true;
    tell('Discord is connected now.');
  }

  async function stepBack(): Promise<void> {
    leading = false;
    tell(`Discord is not connected: ${takenWords}`);
    await step();
  }

  try {
    await lead();
  } catch (error) {
    await claimed.release();
    throw error;
  }
  return {
    async release() {
      ending.abort();
      await claimed?.release();
    },
  };
}
