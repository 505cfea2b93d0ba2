import { webApi } from '@slack/bolt';
import { type Api, createApi } from './api.ts';
import { slackError } from './failures.ts';
import type { Presence, WorkspaceParts } from './workspaces.ts';

/** Slack can not be used; the message says why, and what to do. */
export class SlackUnusable extends Error {
  readonly code = 'slack_unusable';
}

/** Who the bot is, where, and what it was granted. */
export interface Identity extends Presence {
  /** The workspace's id. */
  readonly team: string;
  readonly workspace: string;
  readonly scopes: readonly string[];
}

interface AuthTest {
  readonly user_id: string;
  readonly team_id: string;
  readonly team: string;
  readonly url: string;
  /** From the header `x-oauth-scopes`. */
  readonly response_metadata?: { readonly scopes?: readonly string[] };
}

/** Asks Slack whose token it is. @throws SlackUnusable when it knows none such. */
export async function identify(api: Api): Promise<Identity> {
  try {
    const { user_id, team_id, team, url, response_metadata } = await api.call<AuthTest>('auth.test', {});
    return { botUser: user_id, team: team_id, workspace: team, address: url, scopes: response_metadata?.scopes ?? [] };
  } catch (error) {
    throw unusable(error);
  }
}

/**
 * Whether Slack lets us connect with the app-level token. Bolt's socket asks again for ever where Slack says that the scope is
 * missing or the token is of another kind.
 * @throws SlackUnusable
 */
export async function checkAppToken(appToken: string, { apiUrl, callMs, log }: WorkspaceParts): Promise<void> {
  const api = createApi({ token: async () => appToken, refused: async () => 'gone', apiUrl, callMs, log });
  await api.call('apps.connections.open', {}).catch((error: unknown) => {
    throw unusable(error);
  });
}

const words: Readonly<Record<string, string>> = {
  invalid_auth:
    'Slack does not know the token: copy SLACK_BOT_TOKEN (xoxb-…) from OAuth & Permissions and SLACK_APP_TOKEN (xapp-…) from Basic Information again.',
  not_authed: 'SLACK_BOT_TOKEN is missing.',
  not_allowed_token_type:
    'A token stands in the place of another: SLACK_BOT_TOKEN begins with xoxb- and SLACK_APP_TOKEN with xapp-.',
  account_inactive: 'The app was removed from the workspace: install it again and copy the new SLACK_BOT_TOKEN.',
  token_revoked: 'The token was revoked: install the app again and copy the new SLACK_BOT_TOKEN.',
  token_expired:
    'The token has ended, for the app rotates its tokens: switch Token Rotation off for a single workspace, or use SLACK_CLIENT_ID.',
  missing_scope: 'SLACK_APP_TOKEN lacks the scope connections:write: make a new app-level token with it.',
};

/** The same error in words that say what to do, where they are known. */
export function unusable(error: unknown): unknown {
  if (error instanceof webApi.WebAPIRequestError) {
    const away =
      'Slack can not be reached: this machine needs a way out to https://slack.com and wss://wss-primary.slack.com.';
    return new SlackUnusable(away, { cause: error });
  }
  const found = words[slackError(error) ?? ''];
  return found === undefined ? error : new SlackUnusable(found, { cause: error });
}
