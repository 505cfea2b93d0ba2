import { readFile } from 'node:fs/promises';
import type { AppsManifestCreateArguments } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { defaultSettings } from '#tests/slack-server/settings.ts';
import { eventShape } from './envelopes.ts';
import { type Scope, scopes } from './scopes.ts';
import { calledMethods } from './testing-methods.ts';

type Manifest = AppsManifestCreateArguments['manifest'];
type Known<Part extends 'bot'> = NonNullable<
  NonNullable<NonNullable<Manifest['oauth_config']>['scopes']>[Part]
>[number];
type KnownEvent = NonNullable<
  NonNullable<NonNullable<Manifest['settings']>['event_subscriptions']>['bot_events']
>[number];

/** Slack documents these, and its types of version 8.2.0 do not know them yet (docs, agent sessions). */
const newerScopes = ['assistant:write'] as const;
const newerEvents = ['agent_session_stopped'] as const;

const botScopes = [
  'app_mentions:read',
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
] as const satisfies readonly Known<'bot'>[];

const botEvents = [
  'app_home_opened',
  'app_mention',
  'app_uninstalled',
  'member_joined_channel',
  'message.channels',
  'message.groups',
  'message.im',
  'reaction_added',
  'tokens_revoked',
] as const satisfies readonly KnownEvent[];

/** The same as the file, judged by Slack's own types. */
const judged = {
  display_information: {
    name: 'Commander',
    description: 'Say it in a thread, see it done, take it back.',
    background_color: '#1e293b',
  },
  features: {
    app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
    agent_view: {
      agent_description: 'Does the work that your projects declare, in a thread, with approvals.',
    },
    bot_user: { display_name: 'Commander', always_online: true },
    shortcuts: [
      {
        name: 'Make this a task',
        type: 'message',
        callback_id: 'make_task',
        description: 'Hands this message to Commander',
      },
    ],
    slash_commands: [
      {
        command: '/commander',
        description: 'Ask for work, or say help',
        usage_hint: 'run the tests',
        should_escape: true,
      },
    ],
  },
  oauth_config: { scopes: { bot: [...botScopes] } },
  settings: {
    event_subscriptions: { bot_events: [...botEvents] },
    interactivity: { is_enabled: true },
    org_deploy_enabled: false,
    socket_mode_enabled: true,
    token_rotation_enabled: false,
  },
} satisfies Manifest;

/** What a method needs (Slack's method reference); the scope of a channel's kind stands for all three of them. */
const needed: Readonly<Record<string, readonly Scope[]>> = {
  'agents.sessions.rename': ['chat:write'],
  'agents.sessions.setStatus': ['chat:write'],
  // With the app-level token, whose one scope is no bot's.
  'apps.connections.open': [],
  'auth.revoke': [],
  'auth.test': [],
  'chat.postEphemeral': ['chat:write'],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.info': ['channels:read', 'groups:read', 'im:read'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  'files.completeUploadExternal': ['files:write'],
  'files.getUploadURLExternal': ['files:write'],
  'files.info': ['files:read'],
  'oauth.v2.access': [],
  'users.conversations': ['channels:read', 'groups:read', 'im:read'],
  'users.info': ['users:read'],
  'views.open': [],
  'views.publish': [],
};

/** What a subscribed event needs (Slack's event reference). */
const heard: Readonly<Record<string, readonly Scope[]>> = {
  app_mention: ['app_mentions:read'],
  member_joined_channel: ['channels:read', 'groups:read'],
  'message.channels': ['channels:history'],
  'message.groups': ['groups:history'],
  'message.im': ['im:history'],
  reaction_added: ['reactions:read'],
};

/** What no method and no event needs. */
const features: readonly Scope[] = ['commands', 'assistant:write'];

async function manifest() {
  const file = new URL('../../deploy/slack-manifest.yaml', import.meta.url);
  return parse(await readFile(file, 'utf8'));
}

function typesOf(type: z.ZodLiteral<string> | z.ZodEnum): readonly unknown[] {
  return type instanceof z.ZodEnum ? type.options : [...type.values];
}

describe('the manifest', () => {
  it('is one by Slack’s own types, but for what they do not know yet', async () => {
    const { oauth_config, settings, ...rest } = await manifest();
    const { oauth_config: judgedOauth, settings: judgedSettings, ...judgedRest } = judged;
    expect(rest).toEqual(judgedRest);
    expect(settings).toEqual({
      ...judgedSettings,
      event_subscriptions: { bot_events: [...newerEvents, ...botEvents] },
    });
    expect(oauth_config.scopes.bot.toSorted()).toEqual([...judgedOauth.scopes.bot, ...newerScopes].toSorted());
  });

  it('asks for the scopes that the adapter checks at its start, and makes the app that the tests run against', async () => {
    const { features: parts, oauth_config, settings } = await manifest();
    expect(oauth_config.scopes.bot).toEqual(Object.keys(scopes));
    expect(oauth_config.scopes.bot).toEqual(defaultSettings.scopes);
    expect(settings.event_subscriptions.bot_events).toEqual(defaultSettings.events);
    expect(parts.slash_commands.map(({ command }: { command: string }) => command)).toEqual(defaultSettings.commands);
    expect(parts.shortcuts.map(({ callback_id }: { callback_id: string }) => callback_id)).toEqual(
      defaultSettings.shortcuts,
    );
  });

  it('asks for every scope that a method or event needs, and for no other', async () => {
    const called = await calledMethods();
    expect(called.filter((name) => needed[name] === undefined)).toEqual([]);
    const { settings } = await manifest();
    const events: readonly string[] = settings.event_subscriptions.bot_events;
    const wanted = [
      ...called.flatMap((name) => needed[name] ?? []),
      ...events.flatMap((name) => heard[name] ?? []),
      ...features,
    ];
    expect([...new Set(wanted)].sort()).toEqual(Object.keys(scopes).sort());
  });

  it('subscribes to what the adapter understands, and to nothing else', async () => {
    const { settings } = await manifest();
    const events: readonly string[] = settings.event_subscriptions.bot_events;
    const understood = eventShape.options.flatMap(({ shape }) => typesOf(shape.type));
    expect([...new Set(events.map((name) => name.split('.')[0]))].sort()).toEqual([...new Set(understood)].sort());
  });
});
