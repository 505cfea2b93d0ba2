import type { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { botClient } from './bolt.ts';
import { type ManualClock, manualClock } from './clock.ts';
import { type SlackServer, startSlackServer } from './server.ts';
import { defaultSettings } from './settings.ts';

let slack: SlackServer;
let client: WebClient;
let clock: ManualClock;
let general: string;

beforeEach(async () => {
  clock = manualClock(Date.parse('2026-11-01T12:00:00Z'));
  const scopes = [...defaultSettings.scopes, 'channels:join', 'reactions:write'];
  slack = await startSlackServer({ clock, app: { scopes } });
  client = botClient(slack);
  general = slack.driver.channel('general');
});

afterEach(() => slack.stop());

test('auth.test names the bot and its scopes', async () => {
  const answer = await client.auth.test();
  expect(answer).toMatchObject({
    ok: true,
    team_id: slack.driver.workspace.id,
    user_id: slack.driver.workspace.bot.userId,
  });
  expect(answer.response_metadata?.scopes).toContain('chat:write');
});

test.each([
  ['a wrong token', { token: 'xoxb-wrong' }, 'invalid_auth'],
  ['an app token', { token: 'xapp-1-stand-in' }, 'not_allowed_token_type'],
  ['an unknown channel', { channel: 'C0NOWHERE' }, 'channel_not_found'],
  ['a private channel that the bot is not in', { channel: 'G0SECRET' }, 'channel_not_found'],
  ['a public channel that the bot is not in', { channel: 'C0ELSEWHERE' }, 'not_in_channel'],
  ['no text', { text: '' }, 'no_text'],
  ['a thread that is not there', { thread_ts: '1700000000.000000' }, 'thread_not_found'],
  ['a wrong block', { blocks: [{ type: 'header' }] }, 'invalid_blocks'],
  ['blocks that are no list', { blocks: 'none' as unknown as [] }, 'invalid_blocks_format'],
  ['markdown beside text', { markdown_text: '**x**' }, 'markdown_text_conflict'],
  [
    'nested metadata',
    { metadata: { event_type: 'x', event_payload: { a: { b: { c: 1 } } } } },
    'invalid_metadata_schema',
  ],
  ['an unknown argument', { colour: 'red' }, 'invalid_arguments'],
  ['another name', { username: 'somebody' }, 'missing_scope'],
])('chat.postMessage refuses %s', async (_what, part, error) => {
  await expect(client.chat.postMessage({ channel: general, text: 'x', ...(part as object) })).rejects.toMatchObject({
    data: { ok: false, error },
  });
  expect(slack.driver.messages(general)).toEqual([]);
});

test('a reply to a reply is refused', async () => {
  const root = slack.driver.say(general, slack.driver.anna, 'root');
  const reply = slack.driver.say(general, slack.driver.anna, 'reply', { thread: root.ts });
  await expect(client.chat.postMessage({ channel: general, text: 'x', thread_ts: reply.ts })).rejects.toMatchObject({
    data: { error: 'cannot_reply_to_message' },
  });
});

test('long text is cut by a post and refused by an edit', async () => {
  const cut = await client.chat.postMessage({ channel: general, text: 'x'.repeat(40_001) });
  expect(cut.response_metadata?.warnings).toEqual(['message_truncated']);
  expect(slack.driver.messages(general)[0]?.text).toHaveLength(40_000);
  const ts = cut.ts ?? '';
  await client.chat.update({ channel: general, ts, text: 'x'.repeat(4000) });
  await expect(client.chat.update({ channel: general, ts, text: 'x'.repeat(4001) })).rejects.toMatchObject({
    data: { error: 'msg_too_long' },
  });
});

test('an edit keeps metadata that it does not name, takes blocks that it does not name, and every version is kept', async () => {
  const metadata = { event_type: 'card', event_payload: { key: 'k', revision: 1 } };
  const blocks = [{ type: 'divider' }];
  const { ts = '' } = await client.chat.postMessage({ channel: general, text: 'one', metadata, blocks });
  await client.chat.update({ channel: general, ts, text: 'two' });
  const [message] = slack.driver.messages(general);
  expect(message).toMatchObject({ text: 'two', blocks: [], metadata });
  expect(message?.versions.map(({ text }) => text)).toEqual(['one', 'two']);
  const without = await client.conversations.history({ channel: general });
  expect(without.messages?.[0]).not.toHaveProperty('metadata');
  const withIt = await client.conversations.history({ channel: general, include_all_metadata: true });
  expect(withIt.messages?.[0]).toMatchObject({ metadata, text: 'two' });
});

test('nobody edits or deletes what another has said', async () => {
  const { ts } = slack.driver.say(general, slack.driver.anna, 'mine');
  await expect(client.chat.update({ channel: general, ts, text: 'x' })).rejects.toMatchObject({
    data: { error: 'cant_update_message' },
  });
  await expect(client.chat.delete({ channel: general, ts })).rejects.toMatchObject({
    data: { error: 'cant_delete_message' },
  });
});

test('history is newest first without replies, a thread oldest first with its root, both in pages', async () => {
  const { driver } = slack;
  const [first, second] = ['first', 'second'].map((text) => driver.say(general, driver.anna, text));
  if (first === undefined || second === undefined) throw new Error('nothing said');
  for (const text of ['a', 'b', 'c']) driver.say(general, driver.ben, text, { thread: first.ts });
  const history = await client.conversations.history({ channel: general });
  expect(history.messages?.map(({ text }) => text)).toEqual(['second', 'first']);
  expect(history.messages?.[1]).toMatchObject({ reply_count: 3, thread_ts: first.ts });
  const newer = await client.conversations.history({ channel: general, oldest: first.ts });
  expect(newer.messages?.map(({ text }) => text)).toEqual(['second']);
  const page = await client.conversations.replies({ channel: general, ts: first.ts, limit: 2 });
  expect([page.messages?.map(({ text }) => text), page.has_more]).toEqual([['first', 'a'], true]);
  const rest = await client.conversations.replies({
    channel: general,
    ts: first.ts,
    limit: 2,
    cursor: page.response_metadata?.next_cursor ?? '',
  });
  expect([rest.messages?.map(({ text }) => text), rest.has_more]).toEqual([['b', 'c'], false]);
});

test('a deleted root leaves a stone as long as there are replies', async () => {
  const { driver } = slack;
  const root = driver.say(general, driver.anna, 'root');
  driver.say(general, driver.anna, 'reply', { thread: root.ts });
  driver.remove(root);
  const { messages } = await client.conversations.replies({ channel: general, ts: root.ts });
  expect(messages).toMatchObject([{ subtype: 'tombstone' }, { text: 'reply' }]);
});

test('a post shows previews of links only when asked', async () => {
  await client.chat.postMessage({ channel: general, text: 'a', unfurl_links: true });
  await client.chat.postMessage({ channel: general, text: 'b', unfurl_media: false });
  expect(slack.driver.messages(general).map(({ unfurl }) => unfurl)).toEqual([
    { links: true, media: true },
    { links: false, media: false },
  ]);
});

test('an ephemeral message is for one person of the channel', async () => {
  await client.chat.postEphemeral({ channel: general, user: slack.driver.ben, text: 'not you' });
  expect(slack.driver.ephemerals(slack.driver.ben)).toMatchObject([{ text: 'not you' }]);
  expect(slack.driver.messages(general)).toEqual([]);
  const channel = slack.driver.direct(slack.driver.anna);
  await expect(client.chat.postEphemeral({ channel, user: slack.driver.ben, text: 'x' })).rejects.toMatchObject({
    data: { error: 'user_not_in_channel' },
  });
});

test('the bot joins a public channel, and can then post there', async () => {
  const channel = slack.driver.channel('elsewhere');
  await client.conversations.join({ channel });
  await client.chat.postMessage({ channel, text: 'here' });
  expect(slack.driver.messages(channel)).toHaveLength(1);
});

test('a reaction is put once and taken once', async () => {
  const { ts: timestamp } = slack.driver.say(general, slack.driver.anna, 'x');
  const reaction = { channel: general, timestamp, name: 'eyes' };
  await client.reactions.add(reaction);
  await expect(client.reactions.add(reaction)).rejects.toMatchObject({ data: { error: 'already_reacted' } });
  await client.reactions.remove(reaction);
  await expect(client.reactions.remove(reaction)).rejects.toMatchObject({ data: { error: 'no_reaction' } });
});

test('arguments may come as JSON, and a method that is not there is said so', async () => {
  const call = (method: string, body: string) =>
    fetch(`${slack.url}${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' },
      body,
    }).then((response) => response.json());
  expect(await call('chat.postMessage', JSON.stringify({ channel: general, text: 'x' }))).toMatchObject({ ok: true });
  expect(await call('chat.postMessage', '{')).toMatchObject({ ok: false, error: 'invalid_arguments' });
  expect(await call('chat.shout', '{}')).toEqual({ ok: false, error: 'unknown_method' });
});

test('a scope that is missing is named', async () => {
  const poor = await startSlackServer({ app: { scopes: ['app_mentions:read'] } });
  await expect(botClient(poor).chat.postMessage({ channel: general, text: 'x' })).rejects.toMatchObject({
    data: { error: 'missing_scope', needed: 'chat:write', provided: 'app_mentions:read' },
  });
  await poor.stop();
});

test('posts to one channel: a burst passes, then one a second, with 429 and Retry-After between', async () => {
  const post = () => client.chat.postMessage({ channel: general, text: 'x' });
  for (let count = 0; count < 5; count += 1) await post();
  await expect(post()).rejects.toMatchObject({ retryAfter: 1 });
  expect(slack.calls.rateLimited()).toMatchObject([{ method: 'chat.postMessage', status: 429 }]);
  clock.advance(1000);
  await post();
  expect(slack.driver.messages(general)).toHaveLength(6);
});

test('uploads refuse what was not announced, and are not there before they are completed', async () => {
  const announced = await client.files.getUploadURLExternal({ filename: 'a.txt', length: 3 });
  const send = (body: string) => fetch(announced.upload_url ?? '', { method: 'POST', body });
  expect((await send('toolong')).status).toBe(400);
  const file_id = announced.file_id ?? '';
  await expect(
    client.files.completeUploadExternal({ files: [{ id: file_id }], channel_id: general }),
  ).rejects.toMatchObject({
    data: { error: 'file_not_found' },
  });
  expect((await send('abc')).status).toBe(200);
  expect(slack.driver.files()).toEqual([]);
  await client.files.completeUploadExternal({
    files: [{ id: file_id, title: 'A' }],
    channel_id: general,
    initial_comment: 'look',
  });
  expect(slack.driver.messages(general)).toMatchObject([{ text: 'look', files: [{ title: 'A', size: 3 }] }]);
});

test('pings are seen in text, markup and rich text, and not in plain text', () => {
  const element = { type: 'rich_text_section', elements: [{ type: 'broadcast', range: 'here' }] };
  const blocks = [
    { type: 'section', block_id: '1', text: { type: 'mrkdwn', text: 'hey <@U0ANNA>' } },
    { type: 'section', block_id: '2', text: { type: 'plain_text', text: '<@U0BEN>' } },
    { type: 'rich_text', block_id: '3', elements: [element] },
  ];
  expect(slack.driver.pings({ text: '<!channel> &lt;!everyone&gt;', blocks })).toEqual([
    '<!channel>',
    '<@U0ANNA>',
    '<!here>',
  ]);
});
