import type { ChatAdapter } from '#core/chat/adapter.ts';
import type { AdapterLog, DiscordSettings, SlackSettings } from '#core/chat/platform.ts';
import { createAdapterStore } from '#db/chat/adapter-store.ts';
import { createClaim } from '#db/chat/claim.ts';
import { createInstallationStore } from '#db/chat/installation-store.ts';
import type { Database } from '#db/database.ts';

export interface OutsideSettings {
  readonly slack?: SlackSettings;
  readonly discord?: DiscordSettings;
}

export interface OutsideParts {
  readonly log: AdapterLog;
  /** Tells the person at the terminal, in a sentence. */
  readonly tell: (sentence: string) => void;
  readonly secretKey: () => Promise<Buffer>;
}

/**
 * Makers of the platforms whose tokens are set. Their libraries are only loaded then: discord.js alone takes 0.7 s and 90 MB
 * (measured).
 */
export async function outsidePlatforms(
  { slack, discord }: OutsideSettings,
  { log, tell, secretKey }: OutsideParts,
): Promise<readonly ((db: Database) => ChatAdapter)[]> {
  const makers: ((db: Database) => ChatAdapter)[] = [];
  if (slack !== undefined) {
    const { createSlackAdapter } = await import('#adapters/slack/adapter.ts');
    // One workspace by its token needs no key, and none is made for it.
    const key = slack.installing === undefined ? undefined : await secretKey();
    makers.push((db) => {
      const installations = key === undefined ? undefined : createInstallationStore(db, 'slack', key);
      return createSlackAdapter({ settings: slack, store: createAdapterStore(db, 'slack'), log, installations });
    });
  }
  if (discord !== undefined) {
    const { createDiscordAdapter } = await import('#adapters/discord/adapter.ts');
    makers.push((db) => {
      const [store, claim] = [createAdapterStore(db, 'discord'), createClaim(db, 'discord')];
      return createDiscordAdapter({ settings: discord, store, claim, log, tell });
    });
  }
  return makers;
}
