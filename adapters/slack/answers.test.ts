import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatAdapter, IncomingMessage, InteractionReply, ModalSubmission } from '#core/chat/adapter.ts';
import { type HeardHost, heardHost } from '#tests/chat/heard-host.ts';
import { memoryStore } from '#tests/chat/memory-store.ts';
import type { Surface } from '#tests/slack-server/driver/interactions.ts';
import { type SlackServer, type SlackServerOptions, startSlackServer } from '#tests/slack-server/server.ts';
import { defaultSettings } from '#tests/slack-server/settings.ts';
import { createSlackAdapter } from './adapter.ts';
import { checkSlack } from './check.ts';
import { defaultPatience } from './patience.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };
const key = '0190a000-0000-7000-8000-00000000000a';
const action = 'approve:0190a000-0000-7000-8000-00000000000b';
const refusal: InteractionReply = { kind: 'notice', tone: 'warning', text: 'Only an approver may.' };

let slack: SlackServer;
let host: HeardHost;
let adapter: ChatAdapter;
let told: string[];
let warned: string[];

async function begin(options: SlackServerOptions = {}, patience = defaultPatience): Promise<void> {
  slack = await startSlackServer(options);
  told = [];
  warned = [];
  const log = { ...silent, warn: (_facts: object, sentence: string) => void warned.push(sentence) };
  host = Object.assign(heardHost(), { tell: (sentence: string) => void told.push(sentence) });
  const settings = { botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.url };
  adapter = createSlackAdapter({ settings, store: memoryStore(), log }, patience);
  host.understand = async (body) => adapter.understand?.(body);
  await adapter.start(host);
}

async function end(): Promise<void> {
  await adapter.stop();
  await slack.stop();
}

/** A card with a button, in the thread of a message. */
async function shown() {
  const { driver } = slack;
  const root = driver.say(driver.channel('general'), driver.ben, `${driver.mention} go`);
  const [heard] = await host.until(1);
  if (heard === undefined) throw new Error('nothing was heard');
  const buttons = [{ label: 'Approve', action }];
  const blocks = [{ kind: 'buttons', buttons }] as const;
  await adapter.create(heard.thread, { key: 'k', tone: 'waiting', title: ['Ask'], blocks, summary: 'Ask' }, key, 'now');
  const [card] = driver.thread(root);
  if (card === undefined) throw new Error('no card');
  return { root, card, thread: heard.thread };
}

const ephemeral = (user: string) =>
  slack.driver.waitFor('what only one person sees', () => slack.driver.ephemerals(user)[0]);

describe('what a person did', () => {
  beforeEach(() => begin());
  afterEach(end);

  it('as a command where the bot is not in is answered at once with the fix, and nothing is started', async () => {
    const { driver } = slack;
    for (const channel of ['elsewhere', 'secret'].map(driver.channel)) {
      const attempt = await driver.command('/commander', 'run the tests', { user: driver.anna, channel });
      expect(attempt).toMatchObject({ body: { response_type: 'ephemeral', text: expect.stringContaining('/invite') } });
    }
    expect(await host.until(0)).toEqual([]);
    await driver.command('/commander', '', { user: driver.ben, channel: driver.direct(driver.ben) });
    expect(await host.until(1)).toMatchObject([{ text: 'help' }]);
  });

  it('with the menu of a message where the bot is not in is answered with the fix', async () => {
    const { driver } = slack;
    const message = driver.say(driver.channel('elsewhere'), driver.anna, 'somebody should run the tests');
    await driver.shortcut(message, { user: driver.anna });
    expect((await ephemeral(driver.anna)).text).toContain('/invite @Commander');
    expect(driver.views()).toEqual([]);
  });

  it('as a press on what was deleted meanwhile is answered all the same', async () => {
    const { driver } = slack;
    const { root, card } = await shown();
    driver.remove(card);
    driver.remove(root);
    host.reply = refusal;
    await driver.click(card, action, { user: driver.ben });
    expect((await ephemeral(driver.ben)).text).toBe('Only an approver may.');
  });

  it('is told to him once more when Slack’s answer is lost, and then no more', async () => {
    const { driver } = slack;
    const { card } = await shown();
    host.reply = refusal;
    slack.faults.http.inject('chat.postEphemeral', { kind: 'drop', when: 'after' }, { times: 10 });
    await driver.click(card, action, { user: driver.ben });
    await expect.poll(() => warned).toContain('a person could not be told what came of it');
    expect(driver.ephemerals(driver.ben)).toHaveLength(2);
  });

  it('as a reaction or with Slack’s stop button, and may not, is told to him alone', async () => {
    const { driver } = slack;
    const { root, card, thread } = await shown();
    const reactions: string[] = [];
    host.react = async ({ meaning }) => {
      reactions.push(meaning);
      return refusal;
    };
    for (const sign of ['+1', 'thumbsup', 'x', 'eyes']) driver.react(card, driver.ben, sign);
    driver.react(card, driver.ben, 'white_check_mark');
    expect((await ephemeral(driver.ben)).text).toBe('Only an approver may.');
    expect(reactions).toEqual(['approve']);
    await adapter.showStatus?.(thread, { title: '#1 Release', state: 'working' });
    const session = driver.session(root);
    if (session === undefined) throw new Error('no session');
    const stops: string[] = [];
    host.stop = async (_, { externalId }) => {
      stops.push(externalId);
      return refusal;
    };
    driver.stopSession(session, driver.anna);
    expect((await ephemeral(driver.anna)).text).toBe('Only an approver may.');
    expect(stops).toEqual([`${driver.workspace.id}/${driver.anna}`]);
    await adapter.showStatus?.(thread, { title: '#1 Release', state: 'over' });
    expect(session.status).toBe('closed');
  });

  it('in a channel that the bot was taken out of since is told to him directly, once, and to the operator', async () => {
    const { driver } = slack;
    const { thread } = await shown();
    driver.workspace.channels.get(driver.channel('general'))?.members.delete(driver.workspace.bot.userId);
    const card = { key: 'k', tone: 'success', title: ['Done'], blocks: [], summary: 'Done' } as const;
    for (const end of ['c', 'd'])
      await expect(adapter.create(thread, card, key.replace(/a$/, end), 'now')).rejects.toThrow(/\/invite/);
    expect(driver.messages(driver.direct(driver.ben)).map(({ text }) => text)).toEqual([
      expect.stringMatching(/can not answer.*not in this channel/),
    ]);
    expect(adapter.concerns?.()).toEqual([expect.stringContaining('/invite')]);
    const readmitted: string[] = [];
    host.readmitted = async (channel) => void readmitted.push(channel);
    driver.invite(driver.channel('general'));
    await expect.poll(() => readmitted).toEqual([thread.channel]);
    await adapter.create(thread, card, key.replace(/a$/, 'e'), 'now');
    expect(readmitted).toEqual([thread.channel, thread.channel]);
    await adapter.create(thread, card, key.replace(/a$/, 'f'), 'now');
    expect(readmitted).toHaveLength(2);
    expect(adapter.concerns?.()).toEqual([]);
  });

  it('on his own page is drawn there, the newest last, and a refusal is said in a form', async () => {
    const { driver } = slack;
    let shows = 'Old';
    host.home = async () => {
      const button = { label: 'Approve', action };
      const blocks = [{ kind: 'buttons', buttons: [button] }] as const;
      return [{ key: 'k', tone: 'neutral', title: [shows], blocks, summary: shows }];
    };
    driver.openHome(driver.ben);
    const page = await driver.waitFor('the page', () => driver.home(driver.ben));
    slack.faults.http.inject('views.publish', { kind: 'slow', milliseconds: 300 });
    driver.openHome(driver.ben);
    await driver.settled();
    shows = 'New';
    host.reply = refusal;
    await driver.click(page, action, { user: driver.ben });
    const view = await driver.waitFor('the refusal', () => driver.views(driver.ben)[0]);
    expect(JSON.stringify(view.shown.blocks)).toContain('Only an approver may.');
    await driver.waitFor('three drawings', () => slack.calls.of('views.publish').length === 3);
    await host.understood();
    expect(JSON.stringify(driver.home(driver.ben)?.shown.blocks)).toContain('New');
  });

  it('that Slack does not let us look at is left', async () => {
    const { driver } = slack;
    const { card } = await shown();
    slack.faults.http.inject('conversations.replies', { kind: 'refuse', error: 'channel_not_found' }, { times: 9 });
    driver.react(card, driver.ben, 'white_check_mark');
    await driver.settled();
    await host.understood();
    expect(slack.calls.of('conversations.replies')).toHaveLength(1);
  });

  it('whose form comes too late is told to press again', async () => {
    const { driver } = slack;
    const { card } = await shown();
    host.reply = { kind: 'modal', modal: { id: 'explain', title: 'Why', intro: ['So.'], submit: 'Close', fields: [] } };
    slack.faults.http.inject('views.open', { kind: 'refuse', error: 'expired_trigger_id' });
    await driver.click(card, action, { user: driver.ben });
    expect((await ephemeral(driver.ben)).text).toContain('press again');
  });

  it('of which the answer can’t be posted as such is no reason to fail', async () => {
    const { driver } = slack;
    const { card } = await shown();
    host.reply = refusal;
    slack.faults.http.inject('chat.postEphemeral', { kind: 'refuse', error: 'user_not_in_channel' });
    slack.faults.http.inject('response_url', { kind: 'error', when: 'before' });
    expect(await driver.click(card, action, { user: driver.ben })).toMatchObject({ acknowledged: true });
  });
});

it('what takes longer than Slack waits is acknowledged before it is done, and told when it is', async () => {
  await begin({ patience: 1000 }, { ...defaultPatience, answerMs: 20 });
  const { driver } = slack;
  const { card } = await shown();
  const held = Promise.withResolvers<InteractionReply>();
  host.press = () => held.promise;
  expect(await driver.click(card, action, { user: driver.ben })).toMatchObject({ acknowledged: true });
  expect(driver.ephemerals(driver.ben)).toEqual([]);
  held.resolve(refusal);
  expect((await ephemeral(driver.ben)).text).toBe('Only an approver may.');
  await end();
});

describe('where the work takes longer than Slack waits', () => {
  beforeEach(() => begin({ patience: 1000 }, { ...defaultPatience, answerMs: 20 }));
  afterEach(end);

  const note = { kind: 'text', name: 'note', label: 'Note', value: 'as it was' } as const;
  const days = { kind: 'select', name: 'days', label: 'Days', options: [{ value: '7', label: '7' }] } as const;

  async function opened(on?: Surface) {
    const { driver } = slack;
    const card = on ?? (await shown()).card;
    const modal = { id: 'refine', title: 'Refine', intro: [], submit: 'Send', fields: [note, days] };
    host.reply = { kind: 'modal', modal };
    await driver.click(card, action, { user: driver.ben });
    return driver.waitFor('the form', () => driver.views(driver.ben)[0]);
  }

  it('a form is taken before it is done, and what came of it is told', async () => {
    const { driver } = slack;
    const held = Promise.withResolvers<InteractionReply>();
    host.submit = () => held.promise;
    const attempt = await driver.submit(await opened(), { note: 'x', days: '7' });
    expect(attempt).toMatchObject({ acknowledged: true });
    expect([driver.views(driver.ben), driver.ephemerals(driver.ben)]).toEqual([[], []]);
    held.resolve(refusal);
    expect((await ephemeral(driver.ben)).text).toBe('Only an approver may.');
  });

  it.each([
    [
      'a problem',
      async (): Promise<InteractionReply> => ({ kind: 'problems', problems: { note: 'Too short.' } }),
      'Too short.',
    ],
    ['a failure', () => Promise.reject(new Error('the database is away')), 'try again'],
  ])('%s in a form opens it again by a button, filled in', async (_, outcome, words) => {
    const { driver } = slack;
    const held = Promise.withResolvers<void>();
    host.submit = () => held.promise.then(outcome);
    expect(await driver.submit(await opened(), { note: '<@U1> x', days: '7' })).toMatchObject({ acknowledged: true });
    held.resolve();
    const said = await ephemeral(driver.ben);
    expect(said.text).toContain(words);
    const again = JSON.stringify(said.blocks).match(/again:[0-9a-f-]+/)?.[0] ?? '';
    await driver.click(said, again, { user: driver.ben });
    const view = await driver.waitFor('the form again', () => driver.views(driver.ben)[0]);
    const sent = Promise.withResolvers<ModalSubmission>();
    host.submit = async (submission) => {
      sent.resolve(submission);
      return { kind: 'done' };
    };
    await driver.submit(view, {});
    expect(await sent.promise).toMatchObject({ modalId: 'refine', values: { note: '<@U1> x', days: '7' } });
  });

  it('a button of a form that is no longer known says so', async () => {
    const { driver } = slack;
    host.submit = async () => {
      await driver.waitFor('the form is taken', () => driver.views(driver.ben).length === 0);
      return { kind: 'problems', problems: { note: 'Too short.' } };
    };
    const { card } = await shown();
    await driver.submit(await opened(card), { note: 'x', days: '7' });
    const first = await ephemeral(driver.ben);
    await driver.submit(await opened(card), { note: 'y', days: '7' });
    await driver.waitFor('the second', () => driver.ephemerals(driver.ben)[1]);
    await driver.click(first, JSON.stringify(first.blocks).match(/again:[0-9a-f-]+/)?.[0] ?? '', { user: driver.ben });
    const told = await driver.waitFor('the words', () => driver.ephemerals(driver.ben)[2]);
    expect(told.text).toContain('no longer known');
  });

  it.each([
    ['is heard', async () => ({ new: true }), 'Heard'],
    ['can not be stored', () => Promise.reject(new Error('the database is away')), 'try again'],
  ])('a command that %s is acknowledged before, and told', async (_, outcome, words) => {
    const { driver } = slack;
    const held = Promise.withResolvers<void>();
    host.accept = () => held.promise.then(outcome);
    const place = { user: driver.ben, channel: driver.channel('general') };
    expect(await driver.command('/commander', 'go', place)).toMatchObject({ acknowledged: true, body: {} });
    held.resolve();
    expect((await ephemeral(driver.ben)).text).toContain(words);
  });
});

it('whom Slack does not show to us is a guest, and heard', async () => {
  await begin();
  const { driver } = slack;
  slack.faults.http.inject('users.info', { kind: 'refuse', error: 'user_not_found' });
  driver.say(driver.channel('general'), driver.ben, `${driver.mention} go`);
  const sender = { externalId: `${driver.workspace.id}/${driver.ben}`, name: driver.ben, isGuest: true };
  expect(await host.until(1)).toMatchObject([{ sender }]);
  await end();
});

describe('earlier messages of a thread', () => {
  beforeEach(() => begin({ limits: 'none' }));
  afterEach(end);

  it('go along when the bot is named late: the first one and the newest', async () => {
    const { driver } = slack;
    const general = driver.channel('general');
    const root = driver.say(general, driver.ben, 'the build is red');
    for (let count = 1; count <= 210; count += 1)
      driver.say(general, driver.anna, `reply ${count}`, { thread: root.ts });
    driver.say(general, driver.ben, `${driver.mention} run the tests`, { thread: root.ts });
    const [heard] = await host.until(1);
    const texts = heard?.earlier?.map(({ text }) => text) ?? [];
    expect(texts).toHaveLength(20);
    expect([texts[0], texts[1], texts.at(-1)]).toEqual(['the build is red', 'reply 192', 'reply 210']);
    expect(heard?.earlier?.[0]?.from).not.toBe(driver.ben);
  });

  it('go along with what other apps said, but not with the bot’s own', async () => {
    const { driver } = slack;
    const general = driver.channel('general');
    const root = driver.say(general, driver.addPerson('Alerts', 'bot'), 'api is down');
    driver.say(general, driver.ben, 'look', { thread: root.ts });
    const own = { key: 'k', tone: 'neutral', title: ['Mine'], blocks: [], summary: 'Mine' } as const;
    const thread = { platform: 'slack', channel: `${driver.workspace.id}/${general}`, thread: root.ts };
    await adapter.create(thread, own, key, 'now');
    driver.say(general, driver.ben, `${driver.mention} mend this`, { thread: root.ts });
    const [heard] = await host.until(1);
    expect(heard?.earlier).toEqual([
      { from: 'an app', text: 'api is down' },
      { from: 'ben', text: 'look' },
    ]);
  });

  it('are missing where Slack does not give them, and the request is heard all the same', async () => {
    const { driver } = slack;
    const general = driver.channel('general');
    const root = driver.say(general, driver.ben, 'the build is red');
    slack.faults.http.inject('conversations.replies', { kind: 'refuse', error: 'missing_scope' });
    driver.say(general, driver.ben, `${driver.mention} mend this`, { thread: root.ts });
    expect(await host.until(1)).toMatchObject([{ text: 'mend this' }]);
    expect((await host.until(1))[0]).not.toHaveProperty('earlier');
  });
});

describe('a file of a message', () => {
  beforeEach(() => begin());
  afterEach(end);

  async function sent(content: string | Buffer, mimetype: string): Promise<IncomingMessage['files'][number]> {
    const { driver } = slack;
    const file = driver.upload('a.bin', content, { user: driver.ben, mimetype });
    driver.say(driver.direct(driver.ben), driver.ben, 'run the tests', { files: [file] });
    const [heard] = await host.until(1);
    const [found] = heard?.files ?? [];
    if (found === undefined) throw new Error('no file');
    return found;
  }

  async function bytesOf(file: IncomingMessage['files'][number]): Promise<string> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await adapter.download(file)) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  it('is followed to where it lies, and the token stays with Slack', async () => {
    const file = await sent('abc', 'application/octet-stream');
    slack.faults.http.inject('download', { kind: 'elsewhere' });
    expect(await bytesOf(file)).toBe('abc');
    expect(slack.calls.of('download')[0]?.token).toBe(slack.botToken);
    expect(slack.calls.of('elsewhere')).toMatchObject([{ status: 200 }]);
    expect(slack.calls.of('elsewhere')[0]?.token).toBeUndefined();
  });

  it('is not followed outside Slack: not to this machine, its network, a name that looks like Slack’s, or without https', async () => {
    const file = await sent('abc', 'application/octet-stream');
    for (const address of [
      'http://127.0.0.1:8300',
      'https://localhost',
      'https://10.0.0.1',
      'http://169.254.169.254',
      'https://[::1]',
      'https://files.slack.com.example.org',
      'https://evilslack-edge.com',
      'http://files.slack.com',
    ]) {
      const fault = slack.faults.http.inject('download', { kind: 'elsewhere', address });
      await expect(bytesOf(file), address).rejects.toThrow('leads outside Slack');
      fault.remove();
    }
    expect(slack.calls.of('elsewhere')).toEqual([]);
  });

  it('is not Slack’s sign-in page, and not another length than Slack says', async () => {
    const file = await sent('abc', 'application/octet-stream');
    const stored = slack.driver.files()[0];
    if (stored === undefined) throw new Error('no file');
    Object.assign(stored, { bytes: Buffer.from('abcdef') });
    await expect(bytesOf(file)).rejects.toThrow('6 bytes');
    Object.assign(stored, { bytes: undefined });
    await expect(bytesOf(file)).rejects.toThrow('files:read');
  });

  it('that lies outside Slack is not fetched', async () => {
    const file = await sent('abc', 'application/octet-stream');
    Object.assign(slack.driver.files()[0] ?? {}, { urlPrivate: 'https://files.example.org/a.bin' });
    await expect(bytesOf(file)).rejects.toThrow('outside Slack');
  });
});

describe('the app', () => {
  afterEach(end);

  it('that lacks scopes says which, what for, and what to do', async () => {
    const scopes = defaultSettings.scopes.filter((scope) => scope !== 'files:read' && scope !== 'reactions:read');
    await begin({ app: { scopes } });
    expect(adapter.concerns?.()[0]).toMatch(/files:read \(.*reactions:read \(.*OAuth & Permissions.*install it again/);
  });

  it('that is no agent shows tasks by their cards alone, and Slack is not asked each time', async () => {
    await begin({ app: { agent: 'undeclared' } });
    const { thread, root } = await shown();
    for (const state of ['working', 'waiting', 'over'] as const)
      await adapter.showStatus?.(thread, { title: '#1', state });
    expect(slack.calls.of('agents.sessions.setStatus')).toHaveLength(1);
    expect(slack.driver.thread(root)).toHaveLength(1);
  });

  it('that was installed to a whole organisation says what to do', async () => {
    await expect(begin({ app: { installedTo: 'organisation' } })).rejects.toThrow(/organisation.*to one workspace/);
  });

  it('that has all it needs says where it is, and nothing else', async () => {
    await begin();
    expect(adapter.concerns?.()).toEqual([]);
    expect(told).toEqual([`Slack is connected: https://${slack.driver.workspace.domain}.slack.com/`]);
  });
});

it('is looked at by the doctor without a connection', async () => {
  await begin({ app: { scopes: defaultSettings.scopes.filter((scope) => scope !== 'files:read') } });
  const { botToken, appToken, url: apiUrl } = slack;
  expect(await checkSlack({ botToken, appToken, apiUrl })).toEqual({
    name: slack.driver.workspace.name,
    concerns: [expect.stringContaining('files:read')],
  });
  const wrong = await checkSlack({ botToken: 'xoxb-wrong', appToken: botToken, apiUrl });
  expect(wrong.concerns).toEqual([
    expect.stringContaining('know SLACK_BOT_TOKEN'),
    expect.stringContaining('know SLACK_APP_TOKEN'),
  ]);
  const away = await checkSlack({ botToken, appToken, apiUrl: 'http://127.0.0.1:9/api/' });
  expect(away.concerns).toEqual([expect.stringContaining('can not be reached')]);
  await end();
});

it('says plainly which token Slack does not know, and which lacks its scope', async () => {
  await begin();
  const start = (appToken: string) => {
    const settings = { botToken: slack.botToken, appToken, apiUrl: slack.url };
    return createSlackAdapter({ settings, store: memoryStore(), log: silent }).start(host);
  };
  await expect(start(slack.botToken)).rejects.toThrow(/know SLACK_APP_TOKEN.*xapp-/);
  slack.faults.http.inject('apps.connections.open', { kind: 'refuse', error: 'missing_scope' });
  await expect(start(slack.appToken)).rejects.toThrow(/connections:write/);
  await end();
});
