import type { ChatAdapter } from '#core/chat/adapter.ts';
import type { AdapterLog, DiscordSettings, SlackSettings } from '#core/chat/platform.ts';
import { createAdapterStore } from '#db/chat/adapter-store.ts';
import type { Database } from '#db/database.ts';

export interface OutsideSettings {
  readonly slack?: SlackSettings;
  readonly discord?: DiscordSettings;
}

/**
 * Makers of the platforms whose tokens are set. Their libraries are only loaded then: discord.js alone takes 0.7 s and 90 MB
 * (measured).
 */
export async function outsidePlatforms(
  { slack, discord }: OutsideSettings,
  log: AdapterLog,
): Promise<readonly ((db: Database) => ChatAdapter)[]> {
  const makers: ((db: Database) => ChatAdapter)[] = [];
  if (slack !== undefined) {
    const { createSlackAdapter } = await import('#adapters/slack/adapter.ts');
    makers.push((db) => createSlackAdapter({ settings: slack, store: createAdapterStore(db, 'slack'), log }));
  }
  if (discord !== undefined) {
    const { createDiscordAdapter } = await import('#adapters/discord/adapter.ts');
    makers.push((db) => createDiscordAdapter({ settings: discord, store: createAdapterStore(db, 'discord'), log }));
  }
  return makers;
}
