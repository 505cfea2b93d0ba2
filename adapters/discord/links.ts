import type { ThreadAddress } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import type { Detours } from './detours.ts';
import type { Places } from './places.ts';

export interface LinkParts {
  readonly places: Pick<Places, 'channel' | 'locate'>;
  readonly detours: Pick<Detours, 'of'>;
  readonly log: AdapterLog;
}

/** Leads to a channel or thread, or to a message in it. `guild`: its server; a direct chat has none. */
function linkOf(guild = '@me', ...ids: readonly string[]): string {
  return `https://discord.com/channels/${guild}/${ids.join('/')}`;
}

/** The address of a message for people. */
export async function linkToMessage(places: LinkParts['places'], channel: string, message: string): Promise<string> {
  return linkOf((await places.channel(channel)).guild, channel, message);
}

/**
 * The address of a thread for people: of the note with which it goes on elsewhere, once it takes nothing any more. `undefined` when
 * Discord does not say which server its channel is of: a list goes without the link.
 */
export async function linkToThread(
  { places, detours, log }: LinkParts,
  address: ThreadAddress,
): Promise<string | undefined> {
  try {
    const { guild } = await places.channel(address.channel);
    const detour = await detours.of(address);
    return detour === undefined
      ? linkOf(guild, await places.locate(address))
      : linkOf(guild, detour.channel, detour.since);
  } catch (error) {
    log.warn({ error, channel: address.channel }, 'a thread gets no link: its channel could not be read');
    return undefined;
  }
}
