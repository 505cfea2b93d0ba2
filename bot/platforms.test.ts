import { pino } from 'pino';
import { expect, it } from 'vitest';
import { type ChatAdapter, PlatformTaken } from '#core/chat/adapter.ts';
import { quietHost } from '#tests/chat/quiet-host.ts';
import { createPlatforms } from './platforms.ts';

function adapter(platform: string, failures = 0): ChatAdapter {
  let left = failures;
  return {
    platform,
    async start() {
      left -= 1;
      if (left >= 0) throw new Error('The token is wrong. Set DISCORD_TOKEN to the one of your bot.');
    },
    stop: async () => undefined,
    create: async () => 'post',
    edit: async () => 'post',
    linkTo: async () => undefined,
    download: async () => {
      throw new Error('there are no files');
    },
  };
}

it('says plainly what is wrong with one platform, starts the others, and tries again', async () => {
  const told: string[] = [];
  const { promise: connected, resolve } = Promise.withResolvers<void>();
  const platforms = createPlatforms({
    log: pino({ level: 'silent' }),
    retryMs: 1,
    tell: (sentence) => {
      told.push(sentence);
      if (sentence.includes('connected now')) resolve();
    },
  });
  await platforms.add(adapter('web'), quietHost);
  await platforms.add(adapter('discord', 2), quietHost);
  expect([...platforms.adapters.keys()]).toEqual(['web']);
  expect(told[0]).toBe('Discord is not connected: The token is wrong. Set DISCORD_TOKEN to the one of your bot.');
  await connected;
  expect([...platforms.adapters.keys()]).toEqual(['web', 'discord']);
  await platforms.stop();
});

it('stops while a platform is still tried for', async () => {
  const platforms = createPlatforms({
    log: pino({ level: 'silent' }),
    tell: () => undefined,
  });
  await platforms.add(adapter('slack', Number.POSITIVE_INFINITY), quietHost);
  await platforms.stop();
  expect(platforms.adapters.size).toBe(0);
});

it('waits for a platform that another process has, says so once, and takes over when that one ends', async () => {
  const told: string[] = [];
  const { promise: connected, resolve } = Promise.withResolvers<void>();
  const platforms = createPlatforms({
    log: pino({ level: 'silent' }),
    tell: (sentence) => {
      told.push(sentence);
      if (sentence.includes('connected now')) resolve();
    },
  });
  let tries = 0;
  const taken = adapter('discord');
  const start = async () => {
    tries += 1;
    if (tries < 3) throw new PlatformTaken('Another Commander is connected.');
  };
  await platforms.add({ ...taken, start }, quietHost);
  await connected;
  expect(told).toEqual(['Discord is not connected: Another Commander is connected.', 'Discord is connected now.']);
  await platforms.stop();
});

it('stops one that is still being started', async () => {
  const platforms = createPlatforms({ log: pino({ level: 'silent' }), tell: () => undefined });
  const started = Promise.withResolvers<void>();
  const starting = { ...adapter('discord'), start: () => started.promise, stop: async () => started.resolve() };
  const added = platforms.add(starting, quietHost);
  await platforms.stop();
  await added;
});
