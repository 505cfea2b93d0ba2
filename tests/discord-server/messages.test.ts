import { DiscordAPIError, REST, Routes } from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ManualClock, manualClock } from '#tests/slack-server/clock.ts';
import { type DiscordServer, startDiscordServer } from './server.ts';

let server: DiscordServer;
let clock: ManualClock;
let rest: REST;
let channel: string;

beforeEach(async () => {
  clock = manualClock(Date.UTC(2026, 0, 1));
  server = await startDiscordServer({ clock, limits: 'none' });
  rest = new REST({ api: server.api, version: '10', retries: 0 }).setToken(server.token);
  channel = server.driver.channel('general');
});

afterEach(() => server.stop());

const v2 = 1 << 15;
const text = (content: string) => ({ type: 10, content });

async function send(body: unknown, to = channel): Promise<{ id: string; content: string }> {
  return (await rest.post(Routes.channelMessages(to), { body })) as { id: string; content: string };
}

/** Discord's error code for a request, 0 when it was taken. */
async function codeOf(request: Promise<unknown>): Promise<number | string> {
  return request.then(
    () => 0,
    (error: unknown) => {
      if (error instanceof DiscordAPIError) return error.code;
      throw error;
    },
  );
}

test.each([
  ['content', (length: number) => ({ content: 'x'.repeat(length) }), 2000],
  ['nonce', (length: number) => ({ content: 'x', nonce: 'x'.repeat(length) }), 25],
  ['components', (count: number) => ({ flags: v2, components: Array(count).fill(text('x')) }), 40],
  [
    'nested components',
    (count: number) => ({ flags: v2, components: [{ type: 17, components: Array(count).fill(text('x')) }] }),
    39,
  ],
  ['text of all', (length: number) => ({ flags: v2, components: [text('x'), text('y'.repeat(length))] }), 3999],
  ['custom_id', (length: number) => row([{ type: 2, style: 1, label: 'x', custom_id: 'x'.repeat(length) }]), 100],
  ['label', (length: number) => row([{ type: 2, style: 1, label: 'x'.repeat(length), custom_id: 'x' }]), 80],
  [
    'buttons of a row',
    (count: number) =>
      row(Array.from({ length: count }, (_, id) => ({ type: 2, style: 1, label: 'x', custom_id: String(id) }))),
    5,
  ],
  [
    'embed text',
    (length: number) => ({ embeds: [{ description: 'x'.repeat(4096) }, { description: 'x'.repeat(length) }] }),
    1904,
  ],
])('%s: taken at the limit, refused above', async (_, body, limit) => {
  expect(await codeOf(send(body(limit - 1)))).toBe(0);
  expect(await codeOf(send(body(limit)))).toBe(0);
  expect(await codeOf(send(body(limit + 1)))).toBe(50035);
});

function row(components: readonly unknown[]) {
  return { content: 'x', components: [{ type: 1, components }] };
}

test('what does not go together is refused', async () => {
  expect(await codeOf(send({ content: '  ' }))).toBe(50006);
  expect(await codeOf(send({ content: 'x', mystery: 1 }))).toBe(50035);
  expect(await codeOf(send({ flags: v2, content: 'x', components: [text('x')] }))).toBe(50035);
  expect(await codeOf(send({ content: 'x', components: [text('x')] }))).toBe(50035);
  expect(await codeOf(send({ flags: v2, components: [{ type: 13, file: { url: 'attachment://no.txt' } }] }))).toBe(
    50035,
  );
  const same = { type: 2, style: 1, label: 'x', custom_id: 'same' };
  expect(await codeOf(send(row([same, same])))).toBe(50035);
  expect(await codeOf(send({ content: 'x', flags: 64 }))).toBe(0);
  const card = await send({ flags: v2, components: [text('x')] });
  expect(await codeOf(rest.patch(Routes.channelMessage(channel, card.id), { body: { flags: 0 } }))).toBe(50035);
});

test('a nonce finds the first message for a few minutes', async () => {
  const body = { content: 'once', nonce: 'abc', enforce_nonce: true };
  const first = await send(body);
  clock.advance(179_000);
  expect((await send({ ...body, content: 'changed' })).id).toBe(first.id);
  clock.advance(2000);
  expect((await send(body)).id).not.toBe(first.id);
  expect((await send({ ...body, enforce_nonce: false })).id).not.toBe(first.id);
  expect(server.driver.messages(channel).map(({ content }) => content)).toEqual(['once', 'once', 'once']);
});

test('a message older than an hour takes few edits', async () => {
  const { id } = await send({ content: 'x' });
  const edit = () => codeOf(rest.patch(Routes.channelMessage(channel, id), { body: { content: 'y' } }));
  clock.advance(59 * 60_000);
  for (let count = 0; count < 5; count += 1) expect(await edit()).toBe(0);
  clock.advance(60_000);
  const codes = [await edit(), await edit(), await edit(), await edit()];
  expect(codes).toEqual([0, 0, 0, 30046]);
});

test('files: too large ones are refused, addresses expire, a deleted message takes them along', async () => {
  const upload = (bytes: number) =>
    rest.post(Routes.channelMessages(channel), {
      body: { content: 'x' },
      files: [{ name: 'a.bin', data: Buffer.alloc(bytes) }],
    });
  expect(await codeOf(upload(10 * 1024 * 1024 + 1))).toBe(40005);
  const message = (await upload(10)) as { id: string; attachments: [{ url: string }] };
  const [{ url }] = message.attachments;
  const status = async (address: string) => (await fetch(address)).status;
  expect(await status(url)).toBe(200);
  expect(await status(url.replace('a.bin', 'b.bin'))).toBe(404);
  clock.advance(25 * 60 * 60_000);
  expect(await status(url)).toBe(404);
  const again = (await rest.get(Routes.channelMessage(channel, message.id))) as { attachments: [{ url: string }] };
  expect(await status(again.attachments[0].url)).toBe(200);
  await rest.delete(Routes.channelMessage(channel, message.id));
  expect(await status(again.attachments[0].url)).toBe(404);
});

test('an archived thread: no edits and reactions, a message opens it; a locked one takes nothing', async () => {
  const { driver } = server;
  const root = await send({ content: 'root' });
  const thread = (await rest.post(Routes.threads(channel, root.id), {
    body: { name: 'T', auto_archive_duration: 60 },
  })) as { id: string };
  expect(await codeOf(rest.post(Routes.threads(channel, root.id), { body: { name: 'T' } }))).toBe(160004);
  const { id } = await send({ content: 'in' }, thread.id);
  clock.advance(61 * 60_000);
  expect(driver.threads()[0]?.thread).toMatchObject({ archived: true });
  const edit = () => codeOf(rest.patch(Routes.channelMessage(thread.id, id), { body: { content: 'y' } }));
  expect(await edit()).toBe(50083);
  expect(await codeOf(rest.put(Routes.channelMessageOwnReaction(thread.id, id, '%F0%9F%91%8D')))).toBe(50083);
  expect(await codeOf(send({ content: 'again' }, thread.id))).toBe(0);
  expect(driver.threads()[0]?.thread).toMatchObject({ archived: false });
  expect(await edit()).toBe(0);
  driver.lock(thread.id);
  expect(await codeOf(send({ content: 'no' }, thread.id))).toBe(160005);
  expect(await codeOf(rest.patch(Routes.channel(thread.id), { body: { archived: false } }))).toBe(50013);
  driver.removeChannel(thread.id);
  expect(await codeOf(send({ content: 'gone' }, thread.id))).toBe(10003);
});

test('permissions decide, by channel', async () => {
  const { driver } = server;
  const { id } = await send({ content: 'x' });
  driver.deny(channel, ['sendMessages']);
  expect(await codeOf(send({ content: 'x' }))).toBe(50013);
  driver.deny(channel, ['createPublicThreads']);
  expect(await codeOf(rest.post(Routes.threads(channel, id), { body: { name: 'T' } }))).toBe(50013);
  driver.deny(channel, ['viewChannel']);
  expect(await codeOf(send({ content: 'x' }))).toBe(50001);
  driver.deny(channel, []);
  expect(await codeOf(send({ content: 'x' }))).toBe(0);
  expect(await codeOf(send({ content: 'x' }, driver.channel('ideas')))).toBe(50008);
  const theirs = driver.say(channel, driver.ben, 'mine');
  expect(await codeOf(rest.patch(Routes.channelMessage(channel, theirs.id), { body: { content: 'y' } }))).toBe(50005);
  expect(await codeOf(rest.delete(Routes.channelMessage(channel, theirs.id)))).toBe(50013);
  driver.blockDirect(driver.ben);
  expect(await codeOf(send({ content: 'x' }, driver.direct(driver.ben)))).toBe(50007);
});

test('only who is allowed is called', async () => {
  const { driver } = server;
  const said = `<@${driver.ben}> @everyone`;
  const pings = async (body: object) => driver.message((await send({ content: said, ...body })).id)?.pings;
  expect(await pings({})).toEqual({ everyone: false, users: [driver.ben], roles: [] });
  expect(await pings({ allowed_mentions: { parse: [] } })).toEqual({ everyone: false, users: [], roles: [] });
  expect(await pings({ allowed_mentions: { parse: [], users: [driver.ben] } })).toMatchObject({ users: [driver.ben] });
});

test('only what a bot may see of old talk is readable without the content intent', async () => {
  const { driver } = server;
  driver.say(channel, driver.ben, 'private');
  const asked = driver.mention(channel, driver.ben, 'open');
  const page = async (query: Record<string, string>) =>
    (await rest.get(Routes.channelMessages(channel), { query: new URLSearchParams(query) })) as Array<{
      content: string;
    }>;
  expect((await page({})).map(({ content }) => content)).toEqual([asked.content, '']);
  expect(await page({ after: asked.id })).toEqual([]);
  expect(await codeOf(page({ limit: '101' }))).toBe(50035);
});
