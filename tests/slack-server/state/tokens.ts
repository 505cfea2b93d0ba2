import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { AppSettings } from '../settings.ts';

/** A token that Slack gave out. */
export interface Token {
  readonly value: string;
  readonly kind: 'bot' | 'app';
  /** The workspace, of a bot token. */
  readonly team?: string;
  readonly scopes: ReadonlySet<string>;
  /** When it ends, in milliseconds since 1970. */
  readonly expiresAt?: number;
  revoked: boolean;
}

export interface Tokens {
  /** Checks what a request brought; the answer is Slack's error when it is not valid. */
  check(value: string | undefined): Token | { readonly error: string };
  /** A bot token for a workspace, with a refresh token where tokens rotate. */
  grant(team: string): Grant;
  /** Exchanges a refresh token, once: the second use finds nothing. */
  refresh(refreshToken: string): (Grant & { readonly team: string }) | undefined;
  /** Whether the app is installed in a workspace. */
  installed(team: string): boolean;
  /** Takes every token of a workspace back (the app was removed). */
  revoke(team: string): void;
  readonly app: string;
}

export interface Grant {
  readonly token: Token;
  readonly refreshToken?: string;
  /** Seconds. */
  readonly expiresIn?: number;
}

/** Life of a rotating token: 12 hours (docs.slack.dev, token rotation). */
const rotationSeconds = 43_200;

export function createTokens(clock: Clock, settings: AppSettings): Tokens {
  const tokens = new Map<string, Token>();
  const refreshTokens = new Map<string, string>();
  const app: Token = {
    value: 'xapp-1-stand-in',
    kind: 'app',
    scopes: new Set(['connections:write']),
    revoked: false,
  };
  tokens.set(app.value, app);

  const grant = (team: string): Grant => {
    const rotating = settings.tokens === 'rotating';
    const token: Token = {
      value: `${rotating ? 'xoxe.xoxb' : 'xoxb'}-${team}-${randomUUID()}`,
      kind: 'bot',
      team,
      scopes: new Set(settings.scopes),
      ...(rotating && { expiresAt: clock.now() + rotationSeconds * 1000 }),
      revoked: false,
    };
    tokens.set(token.value, token);
    if (!rotating) return { token };
    const refreshToken = `xoxe-1-${randomUUID()}`;
    refreshTokens.set(refreshToken, team);
    return { token, refreshToken, expiresIn: rotationSeconds };
  };

  return {
    app: app.value,
    grant,
    check(value) {
      if (value === undefined || value === '') return { error: 'not_authed' };
      const token = tokens.get(value);
      if (token === undefined) return { error: 'invalid_auth' };
      if (token.revoked) return { error: 'token_revoked' };
      return token.expiresAt !== undefined && token.expiresAt <= clock.now() ? { error: 'token_expired' } : token;
    },
    refresh(refreshToken) {
      const team = refreshTokens.get(refreshToken);
      if (team === undefined) return undefined;
      refreshTokens.delete(refreshToken);
      return { ...grant(team), team };
    },
    installed: (team) => [...tokens.values()].some((token) => token.team === team && !token.revoked),
    revoke(team) {
      for (const token of tokens.values()) if (token.team === team) token.revoked = true;
      for (const [refreshToken, owner] of refreshTokens) if (owner === team) refreshTokens.delete(refreshToken);
    },
  };
}
