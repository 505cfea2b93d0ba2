import { randomBytes, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { serve } from '@hono/node-server';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AdapterStore, ChatAdapter, IncomingMessage } from '#core/chat/adapter.ts';
import type { InstallationStore } from '#core/chat/installations.ts';
import { createInstallationStore } from '#db/chat/installation-store.ts';
import { type Database, openDatabase } from '#db/database.ts';
import { logOptions } from '#db/log.ts';
import { type HeardHost, heardHost } from '#tests/chat/heard-host.ts';
import { memoryStore } from '#tests/chat/memory-store.ts';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { signature } from '#tests/slack-server/delivery/http.ts';
import type { Driver } from '#tests/slack-server/driver/driver.ts';
import { type SlackServer, startSlackServer } from '#tests/slack-server/server.ts';
import { otherTeam } from '#tests/slack-server/state/workspace.ts';
import { createSlackAdapter } from './adapter.ts';
import { callbackPath, installPath } from './install-pages.ts';

const hours = 3600_000;
const key = randomBytes(32);

let slack: SlackServer;
let second: Driver;
let database: TestDatabase;
let db: Database;
let server: ReturnType<typeof serve>;
let home: string;
let adapter: ChatAdapter;
let adapters: ChatAdapter[];
let host: HeardHost;
let logged: string;
let told: string[];
let allowed: string[] | 'any';

const log = pino(
  { ...logOptions, level: 'trace' },
  new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk);
      done();
    },
  }),
);

beforeAll(async () => {
  database = await testDatabase();
  db = await openDatabase({ url: database.url, application: 'test', role: 'bot', log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

beforeEach(async () => {
  await sql`truncate installations, installation_states`.execute(db.kysely);
  slack = await startSlackServer({ app: { tokens: 'rotating' } });
  second = slack.addWorkspace();
  [logged, told, allowed, adapters] = ['', [], 'any', []];
  host = Object.assign(heardHost(), { tell: (sentence: string) => void told.push(sentence) });
  const fetch = async (request: Request) => (await adapter.handle?.(request)) ?? new Response('', { status: 404 });
  server = serve({ fetch, port: 0, hostname: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  home = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  adapter = await begin();
  slack.deliverTo(`${home}/slack/events`);
});

afterEach(async () => {
  vi.useRealTimers();
  for (const each of adapters) await each.stop();
  await new Promise((resolve) => server.close(resolve));
  await slack.stop();
});

/** Over HTTP, unless there is an app-level token. */
interface Begin {
  readonly appToken?: string;
  readonly server?: SlackServer;
  readonly installations?: InstallationStore;
  readonly store?: AdapterStore;
}

async function begin({
  server: from = slack,
  installations = createInstallationStore(db, 'slack', key),
  store = memoryStore(),
  ...over
}: Begin = {}): Promise<ChatAdapter> {
  const { clientId, clientSecret } = from.settings;
  const next = createSlackAdapter({
    settings: {
      ...(over.appToken === undefined ? { signingSecret: from.signingSecret } : over),
      apiUrl: from.url,
      address: home,
      installing: { clientId, clientSecret, workspaces: allowed, authorizeUrl: from.authorizationUrl },
    },
    store,
    installations,
    log,
  });
  adapters.push(next);
  host.understand = async (body) => next.understand?.(body);
  await next.start(host);
  return next;
}

/** What a person's browser holds between the first page and Slack's way back. */
interface Browser {
  readonly back: URL;
  readonly cookie: string;
}

/** Opens the install page, follows its link, and agrees at Slack. */
async function agree(team: string): Promise<Browser> {
  const page = await fetch(`${home}${installPath}`);
  const link = /<a href="([^"]+)"/.exec(await page.text())?.[1]?.replaceAll('&amp;', '&') ?? '';
  const asked = new URL(link);
  asked.searchParams.set('team', team);
  const agreed = await fetch(asked, { redirect: 'manual' });
  const [cookie = ''] = page.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
  return { back: new URL(agreed.headers.get('location') ?? ''), cookie };
}

async function comeBack({ back, cookie }: Browser): Promise<{ status: number; text: string }> {
  const response = await fetch(back, { headers: { cookie } });
  return { status: response.status, text: await response.text() };
}

const install = async (team: string) => comeBack(await agree(team));

/** Brings an event of the second workspace by hand, as Slack does when it is late. */
async function deliver(event: object): Promise<number> {
  const body = JSON.stringify({ type: 'event_callback', team_id: second.workspace.id, event });
  const headers = {
    'content-type': 'application/json',
    ...signature(slack.signingSecret, body, Math.floor(Date.now() / 1000)),
  };
  return (await fetch(`${home}/slack/events`, { method: 'POST', headers, body })).status;
}

/** Mentions the bot there; what was heard. */
async function mention(driver: Driver, user: string): Promise<IncomingMessage> {
  const said = driver.say(driver.channel('general'), user, `${driver.mention} hi`);
  const heard = await host.until((await host.until(0)).length + 1);
  const found = heard.find(({ externalId }) => externalId.endsWith(said.ts));
  if (found === undefined) throw new Error('something else was heard');
  return found;
}

const show = (message: IncomingMessage) =>
  adapter.create(
    message.thread,
    { key: 'k', tone: 'neutral', title: ['Here'], blocks: [], summary: 'Here' },
    randomUUID(),
    'now',
  );

const exchanges = () => slack.calls.of('oauth.v2.access');

describe('workspaces', () => {
  it('add the bot by its page, and each is answered with its own token', async () => {
    for (const driver of [slack.driver, second]) {
      expect(await install(driver.workspace.id)).toMatchObject({ status: 200 });
      const message = await mention(driver, driver.ben);
      await show(message);
      expect(driver.thread({ channel: driver.channel('general'), ts: message.thread.thread })).toHaveLength(1);
      expect(await adapter.linkTo(message.thread)).toContain(`https://${driver.workspace.domain}.slack.com/archives/`);
      expect(message.sender.name).not.toBe(driver.ben);
    }
    expect(new Set(slack.calls.of('chat.postMessage').map(({ token }) => token)).size).toBe(2);
    expect(told).toEqual([
      expect.stringContaining(`${home}${installPath}`),
      ...[slack.driver, second].map(({ workspace }) => expect.stringContaining(`“${workspace.name}” added Commander`)),
    ]);
  });

  it('are known again by another process, and leave no token in clear text anywhere', async () => {
    await install(second.workspace.id);
    adapter = await begin();
    const address = { platform: 'slack', channel: `${second.workspace.id}/C1`, thread: '1.000001' };
    expect(await adapter.linkTo(address)).toBe(`https://${second.workspace.domain}.slack.com/archives/C1/p1000001`);
    await show(await mention(second, second.ben));
    const { thread } = await mention(second, second.anna);
    const faults = [
      { kind: 'drop', when: 'before' },
      { kind: 'error', when: 'before' },
      { kind: 'refuse', error: 'fatal_error' },
      { kind: 'rate_limited', seconds: 1 },
    ] as const;
    for (const fault of faults) {
      slack.faults.http.inject('chat.update', fault);
      const card = { key: 'k', tone: 'neutral', title: ['No'], blocks: [], summary: 'No' } as const;
      await adapter.edit(thread, thread.thread, card, 2, 'now').catch((error: unknown) => log.error({ error }, 'no'));
    }
    expect(logged).toContain('fatal_error');
    const wrong = await agree(second.workspace.id);
    slack.faults.http.inject('oauth.v2.access', { kind: 'refuse', error: 'invalid_code' });
    expect(await comeBack(wrong)).toMatchObject({ status: 400 });
    const rows = await sql<{ row: string }>`select i::text || encode(i.tokens, 'escape') as row
      from installations i`.execute(db.kysely);
    const states = await sql<{ row: string }>`select s::text as row from installation_states s`.execute(db.kysely);
    const written = [...rows.rows, ...states.rows].map(({ row }) => row).join('\n') + logged + told.join('\n');
    const secrets = slack.calls.all.flatMap(({ token, args }) => [
      ...(token === undefined ? [] : [token]),
      ...(['client_secret', 'refresh_token', 'code'] as const).flatMap((name) => args[name] ?? []),
    ]);
    expect(secrets.length).toBeGreaterThan(3);
    for (const secret of [...secrets, key.toString('base64')]) expect(written).not.toContain(String(secret));
  });

  it('are heard once, though Slack’s requests come again because an answer was lost or nothing could be stored', async () => {
    await install(second.workspace.id);
    slack.faults.events.loseAcknowledgements(1);
    await mention(second, second.ben);
    await slack.driver.settled();
    host.failures = 1;
    await mention(second, second.ben);
    await slack.driver.settled();
    await host.understood();
    expect(await host.until(0)).toHaveLength(2);
    const again = slack.events.flatMap(({ attempts }) => attempts.filter(({ retry }) => retry > 0));
    expect(again).toHaveLength(2);
  });

  it('are looked at after an absence, also where no task is', async () => {
    const store = memoryStore();
    for (const { workspace } of [slack.driver, second]) await install(workspace.id);
    for (const each of adapters) await each.stop();
    await store.set('heard-until', Date.now() / 1000);
    slack.deliverTo(`${home}/nowhere`);
    for (const driver of [slack.driver, second])
      driver.say(driver.channel('general'), driver.ben, `${driver.mention} in ${driver.workspace.id}`);
    adapter = await begin({ store });
    const heard = await host.until(2);
    const texts = [slack.driver, second].map(({ workspace }) => `in ${workspace.id}`);
    expect(heard.map(({ text }) => text).sort()).toEqual(texts.sort());
    expect(heard.every(({ late }) => late === true)).toBe(true);
  });

  it('are heard in channels that another workspace shares, and by forms that its people fill in', async () => {
    await install(second.workspace.id);
    const stella = second.addPerson('stella', 'stranger');
    const channel = second.addChannel('shared', 'public', otherTeam);
    second.invite(channel);
    const said = second.say(channel, stella, `${second.mention} hi`);
    const [heard] = await host.until(1);
    expect(heard).toMatchObject({
      thread: { channel: `${second.workspace.id}/${channel}` },
      sender: { externalId: `${second.workspace.id}/${stella}`, name: 'stella', isGuest: true },
    });
    const fields = [{ kind: 'text', name: 'what', label: 'What' }] as const;
    host.draft = async () => ({ kind: 'modal', modal: { id: 'm', title: 'T', intro: [], submit: 'S', fields } });
    await second.shortcut(said, { user: stella });
    const view = await second.waitFor('the form', () => second.views(stella)[0]);
    await second.submit(view, { what: 'go' });
    expect(host.submissions).toMatchObject([{ sender: { externalId: `${second.workspace.id}/${stella}` } }]);
  });

  it('whose tokens can not be read any more are said at the start', async () => {
    await install(second.workspace.id);
    const lost = { installations: createInstallationStore(db, 'slack', randomBytes(32)) };
    await expect(begin(lost)).rejects.toThrow(/COMMANDER_SECRET_KEY/);
  });

  it('are heard over Socket Mode as well', async () => {
    const sockets = await startSlackServer();
    const further = sockets.addWorkspace();
    adapter = await begin({ appToken: sockets.appToken, server: sockets });
    for (const driver of [sockets.driver, further]) {
      expect(await install(driver.workspace.id)).toMatchObject({ status: 200 });
      await show(await mention(driver, driver.ben));
    }
    expect(new Set(sockets.calls.of('chat.postMessage').map(({ token }) => token)).size).toBe(2);
    await adapter.stop();
    await sockets.stop();
  });

  it('that may not are refused, and their token is given back', async () => {
    await adapter.stop();
    allowed = [slack.driver.workspace.id];
    adapter = await begin();
    const page = await install(second.workspace.id);
    expect(page).toMatchObject({ status: 403 });
    expect(page.text).toContain(second.workspace.id);
    expect(slack.calls.of('auth.revoke')).toHaveLength(1);
    expect(await createInstallationStore(db, 'slack', key).find(second.workspace.id)).toBeUndefined();
    expect((await install(slack.driver.workspace.id)).status).toBe(200);
  });

  it('that remove the app are forgotten, which is said; late news of it does not undo a new installation', async () => {
    await install(second.workspace.id);
    const { thread } = await mention(second, second.ben);
    second.uninstall();
    // The news is understood after Slack was answered.
    await expect.poll(() => told).toContainEqual(expect.stringContaining('removed'));
    await slack.driver.settled();
    expect(told.filter((sentence) => sentence.includes('removed'))).toHaveLength(1);
    const card = { key: 'k', tone: 'neutral', title: ['Late'], blocks: [], summary: 'Late' } as const;
    await expect(adapter.create(thread, card, randomUUID(), 'now')).rejects.toThrow(/not installed/);
    await install(second.workspace.id);
    expect(await deliver({ type: 'tokens_revoked', tokens: { oauth: [], bot: ['U1'] } })).toBe(200);
    expect(await deliver({ type: 'app_uninstalled' })).toBe(200);
    expect((await createInstallationStore(db, 'slack', key).find(second.workspace.id))?.name).toBe(
      second.workspace.name,
    );
  });
});

describe('a beginning', () => {
  it('that was forged, is somebody else’s, too old or used already leads nowhere', async () => {
    const team = second.workspace.id;
    const forged = await agree(team);
    forged.back.searchParams.set('state', 'forged');
    expect(await comeBack(forged)).toMatchObject({ status: 400 });
    expect(await comeBack({ ...forged, cookie: 'commander_slack_install=forged' })).toMatchObject({ status: 400 });
    const [mine, other] = [await agree(team), await agree(team)];
    expect(await comeBack({ back: mine.back, cookie: other.cookie })).toMatchObject({ status: 400 });
    expect(await comeBack({ back: mine.back, cookie: '' })).toMatchObject({ status: 400 });
    expect(exchanges()).toEqual([]);
    expect(await comeBack(mine)).toMatchObject({ status: 200 });
    expect(await comeBack(mine)).toMatchObject({ status: 400 });
    expect(exchanges()).toHaveLength(1);
    const late = await agree(team);
    vi.setSystemTime(Date.now() + 11 * 60_000);
    expect(await comeBack(late)).toMatchObject({ status: 400 });
    expect(exchanges()).toHaveLength(1);
  });

  it('ends quietly when a person does not agree, or Slack does not know the code', async () => {
    const refused = await agree(second.workspace.id);
    refused.back.searchParams.set('error', 'access_denied');
    expect((await comeBack(refused)).text).toContain('did not agree');
    const wrong = await agree(second.workspace.id);
    wrong.back.searchParams.set('code', 'wrong');
    expect(await comeBack(wrong)).toMatchObject({ status: 400 });
    expect((await fetch(`${home}${callbackPath}`, { method: 'POST' })).status).toBe(405);
  });
});

describe('a token that ends', () => {
  /** Three people at once, each looked up with the token. */
  async function threeAtOnce(): Promise<void> {
    const people = ['kim', 'lee', 'max'].map((name) => second.addPerson(`${name}-${randomUUID()}`));
    const before = (await host.until(0)).length;
    for (const user of people) second.say(second.channel('general'), user, `${second.mention} hi`);
    const heard = await host.until(before + 3);
    expect(heard.slice(before).map(({ sender }) => sender.name)).not.toContain(people[0]);
  }

  it('is renewed once before its end, whoever asks at once', async () => {
    await install(second.workspace.id);
    vi.setSystemTime(Date.now() + 12 * hours - 5 * 60_000);
    await threeAtOnce();
    await threeAtOnce();
    expect(exchanges()).toHaveLength(2);
  });

  it('is renewed when Slack says that it has ended, once for two processes', async () => {
    await install(second.workspace.id);
    const other = await begin();
    const { thread } = await mention(second, second.ben);
    await show({ thread } as IncomingMessage);
    const card = { key: 'k', tone: 'neutral', title: ['Both'], blocks: [], summary: 'Both' } as const;
    slack.faults.http.inject('chat.postMessage', { kind: 'refuse', error: 'token_expired' }, { times: 2 });
    await Promise.all([adapter, other].map((each) => each.create(thread, card, randomUUID(), 'now')));
    expect(exchanges()).toHaveLength(2);
  });

  it('whose renewal Slack refuses is used until its end, and Slack is not asked at each call', async () => {
    await install(second.workspace.id);
    const message = await mention(second, second.ben);
    vi.setSystemTime(Date.now() + 12 * hours - 5 * 60_000);
    slack.faults.http.inject('oauth.v2.access', { kind: 'refuse', error: 'internal_error' }, { times: 9 });
    for (let count = 0; count < 3; count += 1) await show(message);
    expect(exchanges()).toHaveLength(2);
    vi.setSystemTime(Date.now() + 31_000);
    await show(message);
    expect(exchanges()).toHaveLength(3);
  });

  it('whose renewal was done and never answered is used until its end; then the operator is told what to do', async () => {
    await install(second.workspace.id);
    const { thread } = await mention(second, second.ben);
    vi.setSystemTime(Date.now() + 12 * hours - 5 * 60_000);
    slack.faults.http.inject('oauth.v2.access', { kind: 'drop', when: 'after' });
    await show({ thread } as IncomingMessage);
    vi.setSystemTime(Date.now() + 10 * 60_000);
    await expect(show({ thread } as IncomingMessage)).rejects.toThrow();
    expect(told.at(-1)).toMatch(/token has ended.*slack\/install adds it again/);
    expect(await install(second.workspace.id)).toMatchObject({ status: 200 });
    await show(await mention(second, second.ben));
  });

  it('that can not be renewed just now is used until its end', async () => {
    await install(second.workspace.id);
    vi.setSystemTime(Date.now() + 12 * hours - 5 * 60_000);
    slack.faults.http.inject('oauth.v2.access', { kind: 'error', when: 'before' });
    await show(await mention(second, second.ben));
    expect(logged).toContain('could not be renewed');
  });
});
