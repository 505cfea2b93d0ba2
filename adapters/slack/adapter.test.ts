import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatAdapter, ThreadAddress } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { type HeardHost, heardHost } from '#tests/chat/heard-host.ts';
import { memoryStore } from '#tests/chat/memory-store.ts';
import { shareParts } from '#tests/chat/show-card.ts';
import { lateClock } from '#tests/slack-server/clock.ts';
import { type SlackServer, startSlackServer } from '#tests/slack-server/server.ts';
import { otherTeam } from '#tests/slack-server/state/workspace.ts';
import { createSlackAdapter } from './adapter.ts';
import { sessionTitleLimit, uploadLimit } from './limits.ts';
import { defaultPatience } from './patience.ts';

const day = 24 * 3_600_000;
const silent = { info: () => {}, warn: () => {}, error: () => {} };
/** Longer than Slack is at sending something again here. */
const patience = { ...defaultPatience, settleMs: 200 };
const key = '0190a000-0000-7000-8000-00000000000a';
const action = 'approve:0190a000-0000-7000-8000-00000000000b';

let slack: SlackServer;
let host: HeardHost;
let adapter: ChatAdapter;
let store: ReturnType<typeof memoryStore>;

beforeEach(async () => {
  slack = await startSlackServer({ patience: 500, retries: [0, 50] });
  host = heardHost();
  store = memoryStore();
  adapter = await begin();
});

afterEach(async () => {
  await adapter.stop();
  await slack.stop();
  expect(slack.calls.rateLimited()).toEqual([]);
});

async function anotherSlack(options: Parameters<typeof startSlackServer>[0]): Promise<void> {
  await adapter.stop();
  await slack.stop();
  slack = await startSlackServer({ patience: 500, ...options });
  adapter = await begin();
}

async function begin(): Promise<ChatAdapter> {
  const settings = { botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.url };
  const next = createSlackAdapter({ settings, store, log: silent }, patience);
  host.understand = async (body) => next.understand?.(body);
  await next.start(host);
  return next;
}

function card(title: string, more: Partial<Card> = {}): Card {
  return { key: 'status', tone: 'waiting', title: [title], blocks: [], summary: title, ...more };
}

const buttons: Card['blocks'] = [{ kind: 'buttons', buttons: [{ label: 'Approve', style: 'primary', action }] }];

async function asked(): Promise<{ thread: ThreadAddress; root: ReturnType<SlackServer['driver']['say']> }> {
  const { driver } = slack;
  const root = driver.say(driver.channel('general'), driver.ben, `${driver.mention} go`);
  const [heard] = await host.until(1);
  if (heard === undefined) throw new Error('nothing was heard');
  return { thread: heard.thread, root };
}

describe('what people say', () => {
  it('is taken once, though it comes as two events, without the mention, with its files', async () => {
    const { driver } = slack;
    const file = driver.upload('a.txt', 'abc', { user: driver.ben });
    const said = `${driver.mention} run <the> tests & more`;
    const { ts } = driver.say(driver.channel('general'), driver.ben, said, { files: [file] });
    await driver.settled();
    const heard = await host.until(1);
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatchObject({
      text: 'run <the> tests & more',
      addressed: true,
      opensThread: true,
      files: [{ name: 'a.txt', size: 3 }],
      timing: { saidAt: Number(ts) * 1000, listeningSince: expect.any(Number) },
    });
    const [incoming] = heard[0]?.files ?? [];
    if (incoming === undefined) throw new Error('no file');
    const chunks: Uint8Array[] = [];
    for await (const chunk of await adapter.download(incoming)) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('abc');
  });

  it('is taken once, though its events change places, come twice, and come again', async () => {
    const { driver } = slack;
    const { events } = slack.faults;
    const direct = driver.direct(driver.ben);
    events.reorder(2);
    driver.say(driver.channel('general'), driver.ben, `${driver.mention} one`);
    await driver.settled();
    events.duplicate(2);
    driver.say(driver.channel('general'), driver.ben, `${driver.mention} two`);
    await driver.settled();
    events.loseAcknowledgements(1);
    driver.say(direct, driver.ben, 'three');
    await driver.settled();
    await host.understood();
    expect((await host.until(3)).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  });

  it('is heard once when a reply is also shown in the channel, and after /me', async () => {
    const { driver } = slack;
    const { root } = await asked();
    driver.say(driver.channel('general'), driver.ben, 'faster', { thread: root.ts, subtype: 'thread_broadcast' });
    driver.say(driver.channel('general'), driver.ben, `asks ${driver.mention} again`, { subtype: 'me_message' });
    await driver.settled();
    await host.understood();
    expect((await host.until(3)).map(({ text }) => text)).toEqual(['go', 'faster', 'asks again']);
  });

  it('is left alone when it is not for the bot, and heard in threads that it takes part in', async () => {
    const { driver } = slack;
    driver.say(driver.channel('general'), driver.ben, 'lunch?');
    driver.say(driver.channel('general'), driver.addPerson('another app', 'bot'), `${driver.mention} go`);
    driver.say(driver.channel('general'), driver.slackbot, `Reminder: ${driver.mention} go`);
    const { root } = await asked();
    driver.say(driver.channel('general'), driver.ben, 'and faster', { thread: root.ts });
    const heard = await host.until(2);
    expect(heard.map(({ text, addressed }) => [text, addressed])).toEqual([
      ['go', true],
      ['and faster', false],
    ]);
  });

  it('brings what it forwards along as somebody else’s words, and in a thread what others forwarded before', async () => {
    const { driver } = slack;
    const general = driver.channel('general');
    const file = driver.upload('trace.txt', 'abc', { user: driver.anna });
    const forwards = driver.say(general, driver.anna, `the <build> is red & ${driver.mention} must not`, {
      files: [file],
    });
    driver.say(general, driver.ben, `${driver.mention} mend this`, { forwards });
    const root = driver.say(general, driver.ben, '', { forwards });
    driver.say(general, driver.ben, `${driver.mention} and this`, { thread: root.ts });
    const heard = (await host.until(3)).slice(1);
    const text = `the <build> is red & @${driver.workspace.bot.userId} must not\n[a file that is not taken along: trace.txt]`;
    const earlier = [{ from: 'anna', text, brought: true }];
    expect(heard).toMatchObject([
      { text: 'mend this', earlier, files: [] },
      { text: 'and this', earlier, files: [] },
    ]);
  });

  it('comes as a command, whose thread is opened by a message of the bot, once, has a link and is heard later', async () => {
    const { driver } = slack;
    const channel = driver.channel('general');
    await driver.command('/commander', 'run the tests', { user: driver.ben, channel });
    const [heard] = await host.until(1);
    if (heard === undefined) throw new Error('nothing was heard');
    expect(heard).toMatchObject({ text: 'run the tests', addressed: true });
    await adapter.create(heard.thread, card('One'), key, 'now');
    await adapter.create(heard.thread, card('Two'), key.replace(/a$/, 'c'), 'now');
    const [root] = driver.messages(channel);
    if (root === undefined) throw new Error('no message opens the thread');
    expect(driver.messages(channel)).toHaveLength(1);
    expect(driver.thread(root)).toHaveLength(2);
    driver.say(channel, driver.ben, 'cancel', { thread: root.ts });
    expect((await host.until(2))[1]).toMatchObject({ text: 'cancel', thread: heard.thread });
    const link = `archives/${channel}/p${root.ts.replace('.', '')}`;
    expect(await adapter.linkTo(heard.thread)).toContain(link);
    host.followed = async () => [heard.thread];
    await adapter.stop();
    const answered = host.until(3);
    driver.say(channel, driver.ben, 'faster', { thread: root.ts });
    adapter = await begin();
    expect(await adapter.linkTo(heard.thread)).toContain(link);
    expect((await answered)[2]).toMatchObject({ text: 'faster', thread: heard.thread, late: true });
  });

  it('comes again when it could not be stored', async () => {
    const { driver } = slack;
    host.failures = 1;
    const direct = driver.direct(driver.ben);
    driver.say(direct, driver.ben, 'help');
    const [heard] = await host.until(1);
    expect(heard).toMatchObject({ text: 'help', addressed: true });
    if (heard === undefined) throw new Error('nothing was heard');
    const { thread } = heard;
    const home = `https://${driver.workspace.domain}.slack.com/archives`;
    expect(await adapter.linkTo(thread)).toBe(`${home}/${direct}/p${thread.thread.replace('.', '')}`);
  });

  it('comes with who can read it', async () => {
    const { driver } = slack;
    driver.say(driver.channel('general'), driver.ben, `${driver.mention} one`);
    await host.until(1);
    driver.say(driver.channel('team'), driver.ben, `${driver.mention} two`);
    await host.until(2);
    driver.say(driver.direct(driver.ben), driver.ben, 'three');
    await host.until(3);
    await driver.command('/commander', 'four', { user: driver.ben, channel: driver.channel('team') });
    await host.until(4);
    const shared = driver.addChannel('shared', 'public', otherTeam);
    driver.invite(shared);
    driver.say(shared, driver.ben, `${driver.mention} five`);
    await host.until(5);
    await driver.command('/commander', 'six', { user: driver.ben, channel: shared });
    const heard = await host.until(6);
    expect(heard.map(({ readBy }) => readBy)).toEqual([
      ...['everybody', 'channel', 'person', 'channel'],
      ...['outsiders', 'outsiders'],
    ]);
  });

  it('is found after Commander was away, and marked late', async () => {
    const { driver } = slack;
    const { thread } = await asked();
    host.followed = async () => [thread];
    await adapter.stop();
    const answered = host.until(2);
    driver.say(driver.channel('general'), driver.ben, `${driver.mention} and again`);
    adapter = await begin();
    expect((await answered)[1]).toMatchObject({ text: 'and again', late: true });
  });

  it('is found when no connection stood for longer than Slack sends it again, though the process went on', async () => {
    const { driver, faults } = slack;
    await asked();
    const away = faults.http.inject('apps.connections.open', { kind: 'error', when: 'before' }, { times: 1000 });
    for (const left of [1, 0]) {
      faults.sockets.drop();
      await driver.waitFor('the broken line', () => faults.sockets.count() === left);
    }
    driver.say(driver.channel('random'), driver.ben, `${driver.mention} given up`);
    await driver.settled();
    away.remove();
    expect((await host.until(2))[1]).toMatchObject({ text: 'given up', late: true });
  });

  it('is found when it could not be stored for longer than Slack sends it again', async () => {
    await anotherSlack({ retries: [] });
    const { driver } = slack;
    await asked();
    // It comes as two events.
    host.failures = 2;
    driver.say(driver.channel('random'), driver.ben, `${driver.mention} given up`);
    expect((await host.until(2))[1]).toMatchObject({ text: 'given up', late: true });
  });

  it('is found in channels without a task, in direct messages and on later pages, but not what people say to each other', async () => {
    const { driver } = slack;
    await asked();
    await adapter.stop();
    const answered = host.until(3);
    driver.say(driver.channel('random'), driver.ben, `${driver.mention} in another channel`);
    for (let line = 0; line < 220; line += 1) driver.say(driver.channel('random'), driver.ben, 'lunch?');
    driver.say(driver.direct(driver.ben), driver.ben, 'directly');
    await driver.settled();
    adapter = await begin();
    const late = (await answered).slice(1);
    expect(late.map(({ text }) => text).sort()).toEqual(['directly', 'in another channel']);
    expect(late.every((message) => message.late === true)).toBe(true);
  });

  it('is found in threads without a task, whether they began before or meanwhile', async () => {
    const clock = lateClock(3 * day);
    await anotherSlack({ retries: [], clock });
    const { driver } = slack;
    const random = driver.channel('random');
    const [old, still] = [driver.say(random, driver.ben, 'ours'), driver.say(random, driver.ben, 'also ours')];
    driver.say(random, driver.ben, 'long ago', { thread: still.ts });
    clock.advance(3 * day);
    await adapter.stop();
    const fresh = driver.say(random, driver.ben, 'another one');
    driver.say(random, driver.ben, `${driver.mention} in the new one`, { thread: fresh.ts });
    driver.say(random, driver.ben, `${driver.mention} in the old one`, { thread: old.ts });
    adapter = await begin();
    const heard = await host.until(2);
    expect(heard.map(({ text, late }) => [text, late])).toEqual([
      ['in the old one', true],
      ['in the new one', true],
    ]);
    expect(slack.calls.of('conversations.replies').map(({ args }) => args.ts)).not.toContain(still.ts);
  });

  it('is read as far as the newest thousand messages of a channel; that there were more is said there once', async () => {
    const { driver } = slack;
    const { thread } = await asked();
    host.followed = async () => [thread];
    await adapter.stop();
    const heardUntil = await store.get('heard-until');
    const general = driver.channel('general');
    driver.say(general, driver.ben, `${driver.mention} lost`);
    for (let line = 0; line < 999; line += 1) driver.say(general, driver.ben, 'lunch?');
    driver.say(general, driver.ben, `${driver.mention} two`);
    driver.say(general, driver.ben, 'yes');
    await driver.settled();
    slack.faults.http.inject('chat.postMessage', { kind: 'drop', when: 'after' });
    const notes = () => driver.messages(general).filter(({ text }) => text.includes('the last 1000 messages'));
    const answered = host.until(2);
    adapter = await begin();
    expect((await answered).map(({ text }) => text)).toEqual(['go', 'two']);
    await expect.poll(() => notes().length).toBe(1);
    await adapter.stop();
    await store.set('heard-until', heardUntil);
    driver.say(general, driver.ben, `${driver.mention} three`);
    adapter = await begin();
    await host.until(3);
    await expect.poll(() => store.get('heard-until')).not.toBe(heardUntil);
    expect(notes()).toHaveLength(1);
  });

  it('is left when it is more than a week old, and that is said in its thread', async () => {
    const clock = lateClock(9 * day);
    await anotherSlack({ retries: [0, 50], clock });
    const { driver } = slack;
    const { thread, root } = await asked();
    host.followed = async () => [thread];
    await adapter.stop();
    driver.say(driver.channel('general'), driver.ben, `${driver.mention} too old`, { thread: root.ts });
    clock.advance(4 * day);
    driver.say(driver.channel('general'), driver.ben, `${driver.mention} from Monday`, { thread: root.ts });
    clock.advance(5 * day);
    await store.set('heard-until', (Date.now() - 9.5 * day) / 1000);
    const answered = host.until(2);
    adapter = await begin();
    expect((await answered).map(({ text }) => text)).toEqual(['go', 'from Monday']);
    await expect
      .poll(() => driver.thread(root).map(({ text }) => text))
      .toContainEqual(expect.stringContaining('in the last 7 days'));
  });
});

describe('what Commander shows', () => {
  it('is posted once, whatever happens to the answer, and edited in place', async () => {
    const { driver } = slack;
    const { thread, root } = await asked();
    slack.faults.http.inject('chat.postMessage', { kind: 'drop', when: 'after' }, { times: 1 });
    await expect(adapter.create(thread, card('Once'), key, 'now')).rejects.toThrow();
    await adapter.stop();
    adapter = await begin();
    const post = await adapter.create(thread, card('Once'), key, 'now');
    expect(driver.thread(root)).toHaveLength(1);
    await adapter.edit(thread, post, card('Changed'), 2, 'now');
    expect(JSON.stringify(driver.thread(root)[0]?.blocks)).toContain('Changed');
  });

  it('is posted once, though the process dies before it is written down that the platform has it', async () => {
    const { driver } = slack;
    const { thread, root } = await asked();
    const first = await adapter.create(thread, card('Once'), key, 'now');
    await adapter.stop();
    adapter = await begin();
    expect(await adapter.create(thread, card('Once'), key, 'now')).toBe(first);
    expect(driver.thread(root)).toHaveLength(1);
  });

  it('pings nobody but the one whom the card names, whatever foreign text says', async () => {
    const { driver } = slack;
    const { thread, root } = await asked();
    const hostile = '<!channel> <@U123> <!subteam^S1> <https://evil.example|safe> ``` @here';
    const blocks: Card['blocks'] = [
      { kind: 'text', text: [hostile] },
      { kind: 'code', text: hostile },
      { kind: 'quote', from: hostile, text: hostile },
      { kind: 'context', text: [hostile] },
      { kind: 'plan', steps: [{ state: 'running', title: hostile, detail: [hostile] }] },
    ];
    const notifies = { externalId: `T/${driver.ben}`, name: 'ben' };
    await adapter.create(thread, card(hostile, { blocks, notifies }), key, 'now');
    const [shown] = driver.thread(root);
    if (shown === undefined) throw new Error('no card');
    expect(driver.pings(shown)).toEqual([`<@${driver.ben}>`]);
  });

  it('arrives without the blocks that a workspace refuses', async () => {
    const { driver } = slack;
    const { thread, root } = await asked();
    const refuse = { kind: 'refuse', error: 'invalid_blocks' } as const;
    const times = Number.POSITIVE_INFINITY;
    slack.faults.http.inject('chat.postMessage', refuse, {
      times,
      matching: ({ blocks }) => /"(?:plan|markdown)"/.test(String(blocks)),
    });
    const blocks: Card['blocks'] = [
      { kind: 'plan', steps: [{ state: 'done', title: 'Tests' }] },
      { kind: 'quote', from: 'Claude', text: '# Result', written: 'markdown' },
    ];
    await adapter.create(thread, card('Plan', { blocks }), key, 'now');
    const classic = JSON.stringify(driver.thread(root)[0]?.blocks);
    expect(classic).toContain('✅ Tests');
    expect(classic).toContain('"rich_text_quote","elements":[{"type":"text","text":"# Result"}]');
    slack.faults.http.inject('chat.postMessage', refuse, {
      times,
      matching: ({ blocks: given }) => String(given).length > 2,
    });
    await adapter.create(thread, card('Plain', { blocks }), key.replace(/a$/, 'd'), 'now');
    expect(driver.thread(root)[1]?.text).toContain('Tests');
  });

  it('keeps its buttons, its links and its ping in the simplest blocks, also when it changes; and changes in words alone', async () => {
    const { driver } = slack;
    const { thread, root } = await asked();
    const notSimple = ({ blocks }: { readonly blocks?: unknown }) => /"(header|alert|rich_text)"/.test(String(blocks));
    const refuse = (matching: (fields: { readonly blocks?: unknown }) => boolean) => {
      const often = { times: Number.POSITIVE_INFINITY, matching };
      for (const method of ['chat.postMessage', 'chat.update'])
        slack.faults.http.inject(method, { kind: 'refuse', error: 'invalid_blocks' }, often);
    };
    refuse(notSimple);
    const buttons = [
      { label: 'Approve', action: 'approve:1' },
      { label: 'Details', href: 'https://commander.example/1', action: 'details:1' },
    ];
    const asks = card('Ask @channel', { blocks: [{ kind: 'buttons', buttons }] });
    const notifies = { externalId: `T/${driver.ben}`, name: 'ben' };
    const post = await adapter.create(thread, { ...asks, notifies }, key, 'now');
    const shown = () => driver.thread(root)[0] as NonNullable<ReturnType<typeof driver.thread>[number]>;
    expect(driver.pings(shown())).toEqual([`<@${driver.ben}>`]);
    await adapter.edit(thread, post, { ...asks, title: ['Changed'] }, 2, 'now');
    expect(JSON.stringify(shown().blocks)).toMatch(/Changed.*Details: https:(?!.*details:1).*approve:1/);
    await driver.click(shown(), 'approve:1', { user: driver.ben });
    await expect.poll(() => host.presses).toMatchObject([{ action: 'approve:1' }]);
    refuse(({ blocks }) => String(blocks).length > 2);
    await adapter.edit(thread, post, { ...asks, title: ['In words'] }, 3, 'now');
    expect([shown().blocks, shown().text.includes('In words')]).toEqual([[], true]);
  });

  it('puts produced files into the thread, once, and says why one is not there', async () => {
    const { driver } = slack;
    Object.assign(host, { address: 'https://commander.example' });
    const { thread, root } = await asked();
    const bytes = Buffer.from('%PDF-1.7');
    async function* open() {
      yield bytes;
    }
    host.output = async () => ({ name: 'report.pdf', mediaType: 'application/pdf', size: bytes.length, open });
    const file = {
      outputId: 'o1',
      name: 'report.pdf',
      mediaType: 'application/pdf',
      size: 8,
      version: 1,
      href: '/outputs/o1',
    };
    const withFile = card('Output', { blocks: [{ kind: 'files', files: [file] }] });
    await adapter.create(thread, withFile, key, 'now');
    expect(driver.files()).toEqual([]);
    await shareParts(adapter, thread, withFile);
    await shareParts(adapter, thread, withFile);
    host.output = async () => ({
      name: 'disk.img',
      mediaType: 'application/octet-stream',
      size: uploadLimit + 1,
      open,
    });
    const large = { ...file, outputId: 'o2', name: 'disk.img', size: uploadLimit + 1 };
    await shareParts(adapter, thread, card('Output', { blocks: [{ kind: 'files', files: [file, large] }] }));
    // Slack is asked for no place for it; for one of the limit and one below it is.
    const placesFor = () => slack.calls.of('files.getUploadURLExternal').map(({ args }) => Number(args.length));
    for (const size of [uploadLimit - 1, uploadLimit]) {
      host.output = async () => ({ name: 'disk.img', mediaType: 'application/octet-stream', size, open });
      slack.faults.http.inject('files.getUploadURLExternal', { kind: 'refuse', error: 'storage_limit_reached' });
      const fits = card('Output', { blocks: [{ kind: 'files', files: [{ ...large, outputId: `o${size}`, size }] }] });
      await shareParts(adapter, thread, fits);
      await shareParts(adapter, thread, fits);
    }
    expect(placesFor()).toEqual([bytes.length, uploadLimit - 1, uploadLimit]);
    expect(driver.files().map(({ name }) => name)).toEqual(['report.pdf']);
    const [, ...notes] = driver.thread(root).filter(({ text }) => text.includes('disk.img'));
    const said = driver.thread(root).flatMap(({ text }) => (text.includes('could not be put here') ? [text] : []));
    expect(said).toEqual([
      expect.stringContaining('disk.img could not be put here: it is larger than'),
      expect.stringContaining('“storage_limit_reached”'),
      expect.stringContaining('“storage_limit_reached”'),
    ]);
    expect(JSON.stringify(notes.at(-1)?.blocks)).toContain('https://commander.example/outputs/o1');
  });

  it('puts the text that its card had no room for into the thread, once, also of a card that goes on', async () => {
    const { driver } = slack;
    const { thread } = await asked();
    const blocks = [{ kind: 'quote', from: 'Stub', text: 'q'.repeat(10_000) }] as const;
    await shareParts(adapter, thread, card('Notes', { blocks, tone: 'neutral' }));
    await shareParts(adapter, thread, card('Notes', { blocks, tone: 'neutral', summary: 'More' }));
    expect(driver.files().map(({ name }) => name)).toEqual(['Stub.txt']);
    const later = card('Notes', { blocks: [{ ...blocks[0], from: 'Later' }], tone: 'progress' });
    expect(adapter.sharing?.parts(later)).toEqual([]);
  });

  it('takes presses, opens forms, and tells only the presser what was refused', async () => {
    const { driver } = slack;
    const { thread, root } = await asked();
    await adapter.create(thread, card('Ask', { blocks: buttons }), key, 'now');
    const [shown] = driver.thread(root);
    if (shown === undefined) throw new Error('no card');
    host.reply = { kind: 'notice', tone: 'warning', text: 'You may not.' };
    expect(await driver.click(shown, action, { user: driver.ben })).toMatchObject({ acknowledged: true });
    const told = await driver.waitFor('the refusal', () => driver.ephemerals(driver.ben)[0]);
    expect(told.text).toBe('You may not.');
    expect(host.presses).toMatchObject([{ action, thread }]);
    slack.faults.sockets.repeatLast();
    await expect.poll(() => host.presses).toHaveLength(2);
    host.reply = {
      kind: 'modal',
      modal: {
        id: 'refine:x',
        title: 'Refine the release of everything',
        intro: ['Say what to change.'],
        submit: 'Send',
        fields: [
          { kind: 'text', name: 'note', label: 'Note', optional: true },
          { kind: 'select', name: 'days', label: 'Days', options: [{ value: '7', label: 'A week' }] },
        ],
      },
    };
    await driver.click(shown, action, { user: driver.ben });
    const [first, again, another] = host.presses.map(({ externalId }) => externalId);
    expect([again, typeof first, another === first]).toEqual([first, 'string', false]);
    const view = await driver.waitFor('the form', () => driver.views()[0]);
    host.reply = { kind: 'problems', problems: { note: 'Too short.' } };
    expect(await driver.submit(view, { note: 'x', days: '7' })).toMatchObject({
      body: { response_action: 'errors', errors: { note: 'Too short.' } },
    });
    host.reply = { kind: 'done' };
    await driver.submit(view, { note: 'faster', days: '7' });
    slack.faults.sockets.repeatLast();
    await expect.poll(() => host.submissions).toHaveLength(3);
    const sent = host.submissions.map(({ externalId }) => externalId);
    expect([sent[2], sent[0] === sent[1]]).toEqual([sent[1], false]);
    expect(host.submissions[1]).toMatchObject({ modalId: 'refine:x', values: { note: 'faster', days: '7' }, thread });
  });

  it('says how a task stands beside the thread', async () => {
    const { driver } = slack;
    const { thread, root } = await asked();
    const long = 'q'.repeat(sessionTitleLimit);
    await adapter.showStatus?.(thread, { title: long.slice(1), state: 'working' });
    expect(driver.session(root)?.title).toBe(long.slice(1));
    await adapter.showStatus?.(thread, { title: long, state: 'working' });
    expect(driver.session(root)?.title).toBe(long);
    await adapter.showStatus?.(thread, { title: `${long}q`, state: 'waiting' });
    expect(driver.session(root)?.title).toBe(`${long.slice(1)}…`);
    await adapter.showStatus?.(thread, { title: '#2 Release again', state: 'over' });
    expect(driver.session(root)).toMatchObject({
      statuses: expect.arrayContaining(['processing', 'suspended', 'closed']),
      title: '#2 Release again',
    });
  });
});

it('says plainly that a token is wrong, and what to do', async () => {
  const settings = { botToken: 'xoxb-wrong', appToken: slack.appToken, apiUrl: slack.url };
  const wrong = createSlackAdapter({ settings, store: memoryStore(), log: silent });
  await expect(wrong.start(host)).rejects.toThrow(/SLACK_BOT_TOKEN/);
});

it('survives frames that make no sense, and a refresh of its connections', async () => {
  const { driver } = slack;
  slack.faults.sockets.eventsRateLimited();
  slack.faults.sockets.refresh();
  driver.say(driver.direct(driver.ben), driver.ben, 'still there?');
  expect(await host.until(1)).toMatchObject([{ text: 'still there?' }]);
  await driver.waitFor('both lines', () => slack.faults.sockets.count() === 2);
  expect(slack.calls.of('users.conversations')).toEqual([]);
});
