import { type APIApplication, DiscordAPIError, Routes } from 'discord.js';
import type { AdapterLog, DiscordSettings } from '#core/chat/platform.ts';
import { createApi } from './api.ts';
import { explained } from './gateway.ts';
import { inviteLink } from './rights.ts';
import { survey } from './survey.ts';

/** How Discord stands, for `npm run doctor`: who the bot is, and what is missing. */
export interface DiscordCheck {
  /** Absent when Discord does not know the token. */
  readonly name?: string;
  /** Each a sentence with the fix. */
  readonly concerns: readonly string[];
}

/** What is wrong is in the answer. */
const silent: AdapterLog = { info: () => {}, warn: () => {}, error: () => {} };

/** Looks at Discord without connecting to it: a running Commander is not disturbed. */
export async function checkDiscord({ token, apiUrl, guildId, messageContent }: DiscordSettings): Promise<DiscordCheck> {
  const api = createApi({ token, apiUrl, log: silent });
  try {
    const { id, name, flags = 0 } = (await api.rest.get(Routes.currentApplication())) as APIApplication;
    const concerns = await survey(api, id, guildId);
    const invite = `The invitation: ${inviteLink(id)}`;
    const switchedOn = (flags & (contentFlag | limitedContentFlag)) !== 0;
    const content = messageContent === true && !switchedOn ? [contentWords] : [];
    return { name, concerns: concerns.length === 0 ? content : [...content, ...concerns, invite] };
  } catch (error) {
    if (error instanceof DiscordAPIError && error.status === 401)
      return {
        concerns: ['Discord does not know DISCORD_TOKEN: copy it anew from the developer portal (Bot › Reset Token).'],
      };
    const known = explained(error);
    const words = known instanceof Error ? known.message : String(known);
    return { concerns: [`Discord can not be asked: ${words}`] };
  } finally {
    api.acks.close();
  }
}

const contentWords =
  'DISCORD_MESSAGE_CONTENT is set, but “Message Content Intent” is not switched on in the developer portal (Bot).';

/** The application may have the words of messages (docs, Application: flags GATEWAY_MESSAGE_CONTENT and its limited variant). */
const contentFlag = 1 << 18;
const limitedContentFlag = 1 << 19;
