import { LogLevel, webApi } from '@slack/bolt';
import type { Installation } from '#core/chat/installations.ts';
import type { SlackInstalling } from '#core/chat/platform.ts';
import { quietLogger } from './api.ts';
import { insist } from './insist.ts';
import type { WorkspaceParts } from './workspaces.ts';

/** What Slack gives for a code or a refresh token. */
export interface Exchange {
  /** The workspace that a person added the bot to, and the scopes that he granted. @throws when Slack refuses the code. */
  install(code: string, redirectUri: string): Promise<Installed>;
  /** The same installation with new tokens. @throws when Slack refuses. */
  renew(current: Installation): Promise<Installation>;
  /** Gives back a token that is not wanted. Where Slack does not take it, that is logged. */
  revoke(token: string): Promise<void>;
}

export interface Installed {
  readonly installation: Installation;
  readonly scopes: readonly string[];
}

/** An organisation added the bot to all its workspaces at once: that is not one workspace. */
export class WholeOrganisation extends Error {
  readonly code = 'whole_organisation';
}

export function createExchange(
  installing: SlackInstalling,
  { apiUrl, callMs, log }: Pick<WorkspaceParts, 'apiUrl' | 'callMs' | 'log'>,
): Exchange {
  const client = new webApi.WebClient(undefined, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    timeout: callMs,
    // A code or refresh token counts once: only the caller knows what to do after an unknown outcome.
    retryConfig: { retries: 0 },
    logLevel: LogLevel.ERROR,
    logger: quietLogger(log),
  });
  const app = { client_id: installing.clientId, client_secret: installing.clientSecret };

  async function revoke(token: string): Promise<void> {
    await insist(() => client.auth.revoke({ token })).catch((error: unknown) =>
      log.warn({ error }, 'a token could not be revoked; it is kept nowhere'),
    );
  }

  return {
    async install(code, redirectUri) {
      const granted = await client.oauth.v2.access({ ...app, code, redirect_uri: redirectUri });
      const { team, access_token: token = '', scope = '' } = granted;
      if (granted.is_enterprise_install === true || !team?.id) {
        await revoke(token);
        throw new WholeOrganisation(
          'Commander is added to single workspaces, not to a whole organisation: begin again, and choose one workspace at Slack.',
        );
      }
      const me = await insist(() => client.auth.test({ token }));
      const installation = {
        place: team.id,
        name: team.name ?? team.id,
        address: me.url ?? 'https://slack.com/',
        botUser: granted.bot_user_id ?? me.user_id ?? '',
        installedBy: granted.authed_user?.id ?? '',
        token,
        ...endOf(granted),
      };
      return { installation, scopes: scope.split(',') };
    },
    async renew({ refreshToken, expiresAt: _before, ...rest }) {
      const granted = await client.oauth.v2.access({
        ...app,
        grant_type: 'refresh_token',
        refresh_token: refreshToken ?? '',
      });
      return { ...rest, token: granted.access_token ?? '', ...endOf(granted) };
    },
    revoke,
  };
}

function endOf({ refresh_token: refreshToken, expires_in: seconds }: webApi.OauthV2AccessResponse) {
  return refreshToken === undefined || seconds === undefined
    ? {}
    : { refreshToken, expiresAt: Date.now() + seconds * 1000 };
}
