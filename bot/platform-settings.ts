import { z } from 'zod';
import type { DiscordSettings, SlackSettings } from '#core/chat/platform.ts';

const given = z.string().trim().min(1).optional();

/** Settings of the chat platforms outside; a platform without tokens is not there. */
export const platformSchema = z.object({
  SLACK_BOT_TOKEN: given.refine((token) => token === undefined || token.startsWith('xoxb-'), {
    message: 'must be the bot token of the app, which begins with xoxb-',
  }),
  SLACK_APP_TOKEN: given.refine((token) => token === undefined || token.startsWith('xapp-'), {
    message: 'must be an app-level token with connections:write, which begins with xapp-',
  }),
  SLACK_SIGNING_SECRET: given,
  SLACK_API_URL: given,
  DISCORD_TOKEN: given,
  DISCORD_GUILD: given.refine((guild) => guild === undefined || /^\d{15,22}$/.test(guild), {
    message: 'must be the id of a server (15 to 22 digits; “Copy Server ID” in developer mode)',
  }),
  DISCORD_MESSAGE_CONTENT: z.stringbool().default(false),
  DISCORD_API_URL: given,
});

type PlatformEnvironment = z.infer<typeof platformSchema>;

/** The settings of Slack when something of it is set; `problem` says what is missing. */
export function slackSettings(
  environment: PlatformEnvironment,
  address: string | undefined,
): { readonly settings?: SlackSettings; readonly problem?: string } {
  const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, SLACK_API_URL } = environment;
  const all = [SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET];
  if (all.every((each) => each === undefined)) return {};
  if (SLACK_BOT_TOKEN === undefined) return { problem: 'SLACK_BOT_TOKEN is missing' };
  if (SLACK_APP_TOKEN === undefined && SLACK_SIGNING_SECRET === undefined) {
    return { problem: 'SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) is missing' };
  }
  const settings = {
    botToken: SLACK_BOT_TOKEN,
    appToken: SLACK_APP_TOKEN,
    signingSecret: SLACK_SIGNING_SECRET,
    apiUrl: SLACK_API_URL,
    address,
  };
  return { settings };
}

/** The settings of Discord when its token is set. */
export function discordSettings(
  environment: PlatformEnvironment,
  address: string | undefined,
): { readonly settings?: DiscordSettings; readonly problem?: string } {
  const { DISCORD_TOKEN, DISCORD_GUILD, DISCORD_MESSAGE_CONTENT, DISCORD_API_URL } = environment;
  if (DISCORD_TOKEN === undefined) {
    return DISCORD_GUILD === undefined
      ? {}
      : { problem: 'DISCORD_TOKEN is missing; DISCORD_GUILD alone is not enough' };
  }
  const settings = {
    token: DISCORD_TOKEN,
    guildId: DISCORD_GUILD,
    messageContent: DISCORD_MESSAGE_CONTENT,
    apiUrl: DISCORD_API_URL,
    address,
  };
  return { settings };
}
