import { z } from 'zod';
import type { DiscordSettings, SlackInstalling, SlackSettings } from '#core/chat/platform.ts';

const given = z.string().trim().min(1).optional();

/** Settings of the chat platforms outside; a platform without tokens is not there. */
export const platformSchema = z.object({
  SLACK_BOT_TOKEN: given.refine((token) => token === undefined || /^xoxb-[A-Za-z0-9-]+$/.test(token), {
    message: 'must be the whole bot token of the app, which begins with xoxb- and has letters, digits and hyphens',
  }),
  SLACK_APP_TOKEN: given.refine((token) => token === undefined || /^xapp-[A-Za-z0-9-]+$/.test(token), {
    message:
      'must be a whole app-level token with connections:write, which begins with xapp- and has letters, digits and hyphens',
  }),
  SLACK_SIGNING_SECRET: given,
  SLACK_CLIENT_ID: given,
  SLACK_CLIENT_SECRET: given,
  SLACK_WORKSPACES: given,
  SLACK_API_URL: given,
  SLACK_AUTHORIZE_URL: given,
  DISCORD_TOKEN: given.refine((token) => token === undefined || /^[\w.=+/-]+$/.test(token), {
    message: 'must be the token alone, as Bot › Reset Token shows it, without spaces and quotes',
  }),
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
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = environment;
  const { SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret, SLACK_API_URL: apiUrl } = environment;
  const all = [botToken, appToken, signingSecret, clientId, clientSecret];
  if (all.every((each) => each === undefined)) return {};
  if (botToken === undefined && clientId === undefined) {
    return { problem: 'SLACK_BOT_TOKEN is missing (or SLACK_CLIENT_ID, for many workspaces)' };
  }
  if (botToken !== undefined && clientId !== undefined) {
    return { problem: 'SLACK_BOT_TOKEN is for one workspace and SLACK_CLIENT_ID for many: leave one of them out' };
  }
  if (appToken === undefined && signingSecret === undefined) {
    return { problem: 'SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) is missing' };
  }
  const { installing, problem } = clientId === undefined ? {} : slackInstalling(environment, clientId, address);
  if (problem !== undefined) return { problem };
  return { settings: { botToken, appToken, signingSecret, apiUrl, address, installing } };
}

function slackInstalling(
  environment: PlatformEnvironment,
  clientId: string,
  address: string | undefined,
): { readonly installing?: SlackInstalling; readonly problem?: string } {
  const { SLACK_CLIENT_SECRET: clientSecret, SLACK_WORKSPACES: named, SLACK_AUTHORIZE_URL: authorizeUrl } = environment;
  if (clientSecret === undefined) return { problem: 'SLACK_CLIENT_SECRET is missing beside SLACK_CLIENT_ID' };
  if (address === undefined)
    return { problem: 'COMMANDER_URL is missing: Slack leads back to it after an installation' };
  const workspaces = named === '*' ? 'any' : (named ?? '').split(/[\s,]+/).filter((id) => id !== '');
  if (workspaces !== 'any' && (workspaces.length === 0 || !workspaces.every((id) => /^T[A-Z0-9]+$/.test(id)))) {
    return {
      problem:
        'SLACK_WORKSPACES must name the workspaces that may add Commander, as ids such as T0123ABCD,T0456EFGH (they stand in the address of Slack in a browser), or be * for any that reaches the page',
    };
  }
  return { installing: { clientId, clientSecret, workspaces, authorizeUrl } };
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
