/** The app as Slack's administration pages know it. */
export interface AppSettings {
  readonly appId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly signingSecret: string;
  /** The old shared token that still rides along in payloads. */
  readonly verificationToken: string;
  /** Bot scopes that an installation grants. */
  readonly scopes: readonly string[];
  /** Event types that the app subscribed to: `app_mention`, `message.channels`, … */
  readonly events: readonly string[];
  readonly commands: readonly string[];
  /** Callback ids of message shortcuts. */
  readonly shortcuts: readonly string[];
  /** Whether the app is declared an agent (`agent_view` in the manifest). */
  readonly agent: 'declared' | 'undeclared';
  /** What the app is installed to. */
  readonly installedTo: 'workspace' | 'organisation';
  /** Whether bot tokens expire after 12 hours and come with a refresh token. */
  readonly tokens: 'lasting' | 'rotating';
}

/** The app that deploy/slack-manifest.yaml makes, and nothing more (adapters/slack/manifest.test.ts). */
export const defaultSettings: AppSettings = {
  appId: 'A0COMMANDER',
  clientId: '1000.2000',
  clientSecret: 'client-secret-of-the-stand-in',
  signingSecret: 'signing-secret-of-the-stand-in',
  verificationToken: 'verification-token',
  scopes: [
    'app_mentions:read',
    'assistant:write',
    'channels:history',
    'channels:read',
    'chat:write',
    'commands',
    'files:read',
    'files:write',
    'groups:history',
    'groups:read',
    'im:history',
    'im:read',
    'reactions:read',
    'users:read',
  ],
  events: [
    'agent_session_stopped',
    'app_home_opened',
    'app_mention',
    'app_uninstalled',
    'member_joined_channel',
    'message.channels',
    'message.groups',
    'message.im',
    'reaction_added',
    'tokens_revoked',
  ],
  commands: ['/commander'],
  shortcuts: ['make_task'],
  agent: 'declared',
  installedTo: 'workspace',
  tokens: 'lasting',
};
