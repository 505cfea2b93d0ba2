import { App, LogLevel } from '@slack/bolt';
import pg from 'pg';

// The floor of `slack.ts`, as a process of its own: Bolt that answers a mention with a post, and stores nothing, or one row first.
const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_API_URL, DATABASE_URL } = process.env;

const pool = DATABASE_URL === undefined ? undefined : new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
await pool?.query('create table if not exists bench_slack_floor (id text primary key, body jsonb not null)');

const app = new App({
  token: SLACK_BOT_TOKEN,
  appToken: SLACK_APP_TOKEN,
  socketMode: true,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl: SLACK_API_URL },
});
if (pool !== undefined) {
  const acknowledged = app.processEvent.bind(app);
  app.processEvent = async (event) => {
    const values = [event.body.event_id, JSON.stringify(event.body)];
    await pool.query({ name: 'keep', text: 'insert into bench_slack_floor values ($1, $2)', values });
    await acknowledged(event);
  };
}
app.event('app_mention', async ({ event, client }) => {
  await client.chat.postMessage({ channel: event.channel, thread_ts: event.ts, text: 'Heard' });
});
await app.start();
process.send?.('ready');
