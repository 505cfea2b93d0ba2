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
  readonly workspace: string;
  readonly scopes: readonly string[];
}

interface AuthTest {
  readonly user_id: string;
  readonly team_id: string;
  readonly team: string;
  readonly url: string;
  /** The token is of a whole organisation (Enterprise Grid). */
  readonly is_enterprise_install?: boolean;
  /** From the header `x-oauth-scopes`. */
  readonly response_metadata?: { readonly scopes?: readonly string[] };
}

/** Asks Slack whose token it is. @throws SlackUnusable when it knows none such. */
export async function identify(api: Api): Promise<Identity> {
  try {
    const { user_id, team_id, team, url, is_enterprise_install, response_metadata } = await api.call<AuthTest>(
      'auth.test',
      {},
    );
    if (is_enterprise_install === true) throw new SlackUnusable(ofOrganisation);
    return { botUser: user_id, team: team_id, workspace: team, address: url, scopes: response_metadata?.scopes ?? [] };
  } catch (error) {
    throw unusable(error, 'bot');
  }
}

/**
 * Whether Slack lets us connect with the app-level token. Bolt's socket asks again for ever where Slack says that the scope is
 * missing or the token is of another kind.
 * @throws SlackUnusable
 */
export async function checkAppToken(
  appToken: string,
  { apiUrl, callMs, log }: Pick<WorkspaceParts, 'apiUrl' | 'callMs' | 'log'>,
): Promise<void> {
  const api = createApi({ token: async () => appToken, refused: async () => 'gone', apiUrl, callMs, log });
  await api.call('apps.connections.open', {}).catch((error: unknown) => {
    throw unusable(error, 'app');
  });
}

const ofOrganisation =
  'SLACK_BOT_TOKEN is of a whole organisation (Enterprise Grid), and Commander works in single workspaces: install the app to one workspace and copy its token. For several, see “Many workspaces” in docs/slack.md.';

type Kind = 'bot' | 'app';

const unknownBot =
  'Slack does not know SLACK_BOT_TOKEN: copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions of the app again.';
const unknownApp =
  'Slack does not know SLACK_APP_TOKEN: copy the app-level token (xapp-…) from Basic Information › App-Level Tokens of the app again.';

/** What is wrong with a token, by Slack's word for it, and the fix. */
const words: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  bot: {
    invalid_auth: unknownBot,
    not_authed: 'SLACK_BOT_TOKEN is missing.',
    not_allowed_token_type: unknownBot,
    account_inactive: 'The app was removed from the workspace: install it again and copy the new SLACK_BOT_TOKEN.',
    token_revoked: 'SLACK_BOT_TOKEN was revoked: install the app again and copy the new one.',
    token_expired:
      'SLACK_BOT_TOKEN has ended, for the app rotates its tokens: switch Token Rotation off for a single workspace, or use SLACK_CLIENT_ID.',
  },
  app: {
    invalid_auth: unknownApp,
    not_authed: 'SLACK_APP_TOKEN is missing.',
    not_allowed_token_type: unknownApp,
    token_revoked: 'SLACK_APP_TOKEN was revoked: generate a new one with the scope connections:write.',
    missing_scope: 'SLACK_APP_TOKEN lacks the scope connections:write: generate a new app-level token with it.',
  },
};

/** The same error in words that say what to do, where they are known. `kind`: of the token that Slack was asked with. */
export function unusable(error: unknown, kind: Kind): unknown {
  if (error instanceof webApi.WebAPIRequestError) {
    const away =
      'Slack can not be reached: this machine needs a way out to https://slack.com and wss://wss-primary.slack.com.';
    return new SlackUnusable(away, { cause: error });
  }
  const found = words[kind][slackError(error) ?? ''];
  return found === undefined ? error : new SlackUnusable(found, { cause: error });
}
