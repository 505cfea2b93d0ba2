import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { defaultSettings } from '#tests/slack-server/settings.ts';

const shape = z.object({
  features: z.object({
    shortcuts: z.array(z.object({ callback_id: z.string() })),
    slash_commands: z.array(z.object({ command: z.string() })),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({ event_subscriptions: z.object({ bot_events: z.array(z.string()) }) }),
});

/** Granted to the stand-in's app, and not needed: no call of ours asks for them. */
const notNeeded = ['channels:join', 'reactions:write'];

it('the app that the manifest makes is the one that the tests run against', async () => {
  const file = new URL('../../deploy/slack-manifest.yaml', import.meta.url);
  const { features, oauth_config, settings } = shape.parse(parse(await readFile(file, 'utf8')));
  expect(oauth_config.scopes.bot).toEqual(defaultSettings.scopes.filter((scope) => !notNeeded.includes(scope)));
  expect(features.slash_commands.map(({ command }) => command)).toEqual(defaultSettings.commands);
  expect(features.shortcuts.map(({ callback_id }) => callback_id)).toEqual(defaultSettings.shortcuts);
  for (const event of settings.event_subscriptions.bot_events) expect(defaultSettings.events).toContain(event);
});
