import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { tiers } from '../limits.ts';
import type { Slack } from '../slack.ts';
import type { Grant } from '../state/tokens.ts';
import { args } from './arguments.ts';
import { type Answer, type Method, method } from './method.ts';
import { Refusal } from './refusal.ts';

/** Installing the app into a workspace. */
export interface OAuth {
  readonly methods: readonly Method[];
  /**
   * The page where a person agrees: agrees at once, for the workspace named by `team` or the first, and answers with the
   * address to go back to.
   * @throws Refusal when the app is unknown or asks for nothing.
   */
  authorize(slack: Slack, query: URLSearchParams): string;
}

export function createOAuth(): OAuth {
  const codes = new Map<string, { readonly team: string; readonly user: string; readonly redirectUri: string }>();
  const access = method({
    name: 'oauth.v2.access',
    token: 'none',
    rate: tiers.special,
    input: args({
      client_id: z.string(),
      client_secret: z.string(),
      code: z.string().optional(),
      redirect_uri: z.string().optional(),
      grant_type: z.string().optional(),
      refresh_token: z.string().optional(),
    }),
    answer(input, { slack }) {
      if (input.client_id !== slack.settings.clientId) throw new Refusal('invalid_client_id');
      if (input.client_secret !== slack.settings.clientSecret) throw new Refusal('bad_client_secret');
      if (input.grant_type === 'refresh_token') {
        const refreshed = slack.tokens.refresh(input.refresh_token ?? '');
        if (refreshed === undefined) throw new Refusal('invalid_refresh_token');
        return answerOf(slack, refreshed.team, undefined, refreshed);
      }
      if (input.grant_type !== undefined && input.grant_type !== 'authorization_code')
        throw new Refusal('invalid_grant_type');
      const given = codes.get(input.code ?? '');
      if (given === undefined) throw new Refusal('invalid_code');
      if ((input.redirect_uri ?? '') !== given.redirectUri) throw new Refusal('bad_redirect_uri');
      codes.delete(input.code ?? '');
      return answerOf(slack, given.team, given.user, slack.tokens.grant(given.team));
    },
  });

  return {
    methods: [access],
    authorize(slack, query) {
      if (query.get('client_id') !== slack.settings.clientId) throw new Refusal('invalid_client_id');
      if ((query.get('scope') ?? '') === '') throw new Refusal('no_scopes');
      const workspace = slack.workspaces.get(query.get('team') ?? '') ?? [...slack.workspaces.values()][0];
      const user = [...(workspace?.people.values() ?? [])].find(({ kind }) => kind === 'admin');
      if (workspace === undefined || user === undefined) throw new Refusal('team_not_found');
      const redirectUri = query.get('redirect_uri') ?? '';
      const code = randomUUID();
      codes.set(code, { team: workspace.id, user: user.id, redirectUri });
      const back = new URL(redirectUri);
      back.searchParams.set('code', code);
      back.searchParams.set('state', query.get('state') ?? '');
      return back.href;
    },
  };
}

function answerOf(slack: Slack, team: string, user: string | undefined, grant: Grant): Answer {
  const workspace = slack.workspaces.get(team);
  if (workspace === undefined) throw new Refusal('team_not_found');
  return {
    access_token: grant.token.value,
    token_type: 'bot',
    scope: slack.settings.scopes.join(','),
    bot_user_id: workspace.bot.userId,
    app_id: slack.settings.appId,
    team: { id: workspace.id, name: workspace.name },
    enterprise: null,
    is_enterprise_install: false,
    ...(user !== undefined && { authed_user: { id: user } }),
    ...(grant.refreshToken !== undefined && { refresh_token: grant.refreshToken, expires_in: grant.expiresIn }),
  };
}
