import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createSlackAdapter } from '#adapters/slack/adapter.ts';
import { createAdapterStore } from '#db/chat/adapter-store.ts';
import { startEmbeddedServer } from '#db/embedded/server.ts';
import { socketApp, stopApp } from '#tests/slack-server/bolt.ts';
import { startSlackServer } from '#tests/slack-server/server.ts';
import { startCommander } from '#tests/whole/commander.ts';
import { quantile, timed } from './figures.ts';

/** How soon a platform is answered: ours stores first; the floor is the platform's own library that stores nothing. */

/** Events before anything is measured, and those that are. */
const warm = 30;
const measured = 200;

/** At once, for the second figure. */
const together = 50;

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

const dataDirectory = join('/var/tmp', `commander-bench-${process.pid}`);
const postgres = await startEmbeddedServer({ dataDirectory });
const database = () => ({ url: postgres.url, drop: async () => {} });

interface Times {
  readonly alone: readonly number[];
  readonly together: readonly number[];
}

/** One after another, then many at once; `once` resolves when the platform was answered. */
async function measure(once: () => Promise<unknown>): Promise<Times> {
  for (let count = 0; count < warm; count += 1) await once();
  const alone: number[] = [];
  for (let count = 0; count < measured; count += 1) alone.push(await timed(once));
  const many = await Promise.all(Array.from({ length: together }, () => timed(once)));
  return { alone, together: many };
}

async function onSlack(): Promise<readonly [ours: Times, floor: Times]> {
  const bareServer = await startSlackServer({ limits: 'none' });
  const app = socketApp(bareServer);
  app.event('app_mention', async () => undefined);
  await app.start();
  const floor = await measure(() => mentioned(bareServer));
  await stopApp(app, bareServer);
  await bareServer.stop();

  const slack = await startSlackServer({ limits: 'none' });
  const settings = { botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.url };
  const commander = await startCommander({
    database: database(),
    platforms: [(db) => createSlackAdapter({ settings, store: createAdapterStore(db, 'slack'), log: silent })],
  });
  await slack.driver.waitFor('the connections', () => slack.faults.sockets.count() === 2);
  const ours = await measure(() => mentioned(slack));
  await commander.stop();
  await slack.stop();
  return [ours, floor];
}

/** Resolves when both events of a mention were acknowledged. */
async function mentioned(slack: Awaited<ReturnType<typeof startSlackServer>>): Promise<void> {
  const { driver } = slack;
  const before = slack.events.length;
  driver.say(driver.channel('general'), driver.ben, `${driver.mention} help`);
  const sent = slack.events.slice(before, before + 2);
  await driver.waitFor('the acknowledgement', () =>
    sent.every(({ attempts }) => attempts.some(({ failed }) => failed === undefined)),
  );
}

function row(name: string, [ours, floor]: readonly [ours: Times, floor: Times]): string {
  const show = (times: readonly number[], share: number) => quantile(times, share).toFixed(1);
  const ratio = (quantile(ours.alone, 0.5) / quantile(floor.alone, 0.5)).toFixed(1);
  const shown = [ours, floor].map(
    ({ alone, together: many }) =>
      `${show(alone, 0.5)} / ${show(alone, 0.99)} | ${show(many, 0.5)} / ${show(many, 0.99)}`,
  );
  return `| ${name} | ${shown.join(' | ')} | ${ratio} |`;
}

process.stdout.write(
  [
    `| acknowledged, ms p50 / p99 | ours, 1 | ours, ${together} at once | bare, 1 | bare, ${together} at once | ratio at 1 |`,
    '| --- | --- | --- | --- | --- | --- |',
    row('Slack: a mention, both events', await onSlack()),
    '',
  ].join('\n'),
);
await postgres.stop();
await rm(dataDirectory, { recursive: true, force: true });
process.exit(0);
