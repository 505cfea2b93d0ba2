import { afterEach, beforeEach, expect, test } from 'vitest';
import { botClient, socketApp, stopApp } from './bolt.ts';
import { type SlackServer, startSlackServer } from './server.ts';

let slack: SlackServer;

beforeEach(async () => {
  slack = await startSlackServer();
});

afterEach(() => slack.stop());

function thread() {
  return slack.driver.say(slack.driver.channel('general'), slack.driver.anna, 'work');
}

test('a session has the title it began with, and a stop button while it works', async () => {
  const client = botClient(slack);
  const app = socketApp(slack);
  const stopped = new Promise((resolve) => app.event('agent_session_stopped', async ({ event }) => resolve(event)));
  await app.start();
  const root = thread();
  const place = { channel_id: root.channel, thread_ts: root.ts };
  await client.agents.sessions.setStatus({ ...place, status: 'processing', title: 'First' });
  await client.agents.sessions.setStatus({ ...place, status: 'suspended', title: 'Second' });
  const session = slack.driver.session(root);
  if (session === undefined) throw new Error('no session');
  expect(session).toMatchObject({ title: 'First', statuses: ['processing', 'suspended'] });
  expect(() => slack.driver.stopSession(session, slack.driver.anna)).toThrow('no stop button');
  await client.agents.sessions.setStatus({ ...place, status: 'processing' });
  slack.driver.stopSession(session, slack.driver.ben);
  expect(await stopped).toMatchObject({ user: slack.driver.ben, thread_ts: root.ts });
  // Slack leaves the status to the app.
  expect(session.status).toBe('processing');
  await stopApp(app, slack);
});

test.each([
  ['an unknown status', { status: 'thinking' }, 'invalid_arguments'],
  ['too long a title', { title: 'x'.repeat(201) }, 'invalid_arguments'],
  ['no thread', { thread_ts: undefined }, 'invalid_arguments'],
  ['another picture without its scope', { icon_emoji: ':x:' }, 'missing_scope'],
])('setStatus refuses %s', async (_what, part, error) => {
  const root = thread();
  const call = { channel_id: root.channel, thread_ts: root.ts, status: 'processing', ...part };
  await expect(botClient(slack).agents.sessions.setStatus(call)).rejects.toMatchObject({ data: { error } });
});

test('an app that is no agent has no sessions', async () => {
  const plain = await startSlackServer({ app: { agent: 'undeclared' } });
  const root = plain.driver.say(plain.driver.channel('general'), plain.driver.anna, 'work');
  const call = { channel_id: root.channel, thread_ts: root.ts, status: 'processing' };
  await expect(botClient(plain).agents.sessions.setStatus(call)).rejects.toMatchObject({ data: { ok: false } });
  await plain.stop();
});
