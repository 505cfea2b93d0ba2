import { slackError } from './failures.ts';
import { within } from './insist.ts';
import type { ApiOf } from './workspaces.ts';

interface Channel {
  readonly is_member?: boolean;
  readonly is_im?: boolean;
}

/** Said to a person who asks where the bot can not answer. */
export const notHere =
  'Commander is not in this channel, so it could not answer here. Say “/invite @Commander” and ask again, or write to it directly. Nothing was started.';

/**
 * Whether the bot can write into a channel: commands and shortcuts work where it is not. What Slack does not say is taken for yes,
 * for then the thread itself shows it.
 */
export function isIn(apiOf: ApiOf, team: string, channel: string): Promise<boolean> {
  return within(patienceMs, look(apiOf, team, channel)).catch(() => true);
}

/** How long that is waited for, in milliseconds: who typed a command has to be answered within 3 s. */
const patienceMs = 1000;

async function look(apiOf: ApiOf, team: string, channel: string): Promise<boolean> {
  try {
    const { channel: found } = await apiOf(team).call<{ readonly channel: Channel }>('conversations.info', { channel });
    return found.is_im === true || found.is_member === true;
  } catch (error) {
    return slackError(error) !== 'channel_not_found';
  }
}
