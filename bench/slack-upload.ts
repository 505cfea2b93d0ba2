import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startSlackServer } from '#tests/slack-server/server.ts';
import { judge } from './figures.ts';

// What a large file costs the bot while it is streamed into a thread. Goal: below 150 MB for 100 MB. The SDK's own upload takes 410
// to 550 MB (measured).
const megabyte = 1024 * 1024;
const size = 100 * megabyte;

const slack = await startSlackServer();
const { driver } = slack;
const child = fork(fileURLToPath(new URL('./slack-upload-bot.ts', import.meta.url)), {
  env: {
    PATH: process.env.PATH,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.url,
    BENCH_BYTES: String(size),
  },
});
await once(child, 'message');
driver.say(driver.channel('general'), driver.ben, `${driver.mention} go`);
const [measured] = (await once(child, 'message')) as [{ before: number; most: number; tookMs: number }];
const arrived = driver.files().find(({ name }) => name === 'large.bin');
const isWhole = arrived?.size === size;
const show = (bytes: number) => (bytes / megabyte).toFixed(0);
process.stdout.write(
  [
    '| a file of 100 MB into a Slack thread | MB (PSS) |',
    '| --- | --- |',
    `| before | ${show(measured.before)} |`,
    `| most, while it is sent | ${show(measured.most)} |`,
    `| more than before | ${show(measured.most - measured.before)} |`,
    '',
    `${isWhole ? 'arrived whole' : 'did not arrive'} in ${(measured.tookMs / 1000).toFixed(1)} s`,
    '',
    '',
  ].join('\n'),
);
judge([
  { what: 'more than before', found: (measured.most - measured.before) / megabyte, below: 150, unit: 'MB' },
  { what: 'files that did not arrive whole', found: isWhole ? 0 : 1, most: 0 },
]);
child.kill('SIGKILL');
await slack.stop();
process.exit();
