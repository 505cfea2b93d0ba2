import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { untilDone } from '#tests/chat/until-done.ts';
import type { Fault } from '#tests/slack-server/faults.ts';
import {
  action,
  bytesOf,
  caughtUp,
  heardOnce,
  installAtLast,
  mayBeDone,
  sentFile,
  sharedOnce,
  shown,
  textsOf,
  toldAlone,
  untilRefused,
  withButton,
} from './testing-deeds.ts';
import { allRequests } from './testing-methods.ts';
import { asked, card, channelOf, heardOf, lateMs, openScene, type Scene } from './testing-scene.ts';

const faults: readonly (readonly [name: string, fault: Fault])[] = [
  ['429', { kind: 'rate_limited', seconds: 1 }],
  ['5xx before it is done', { kind: 'error', when: 'before', status: 503 }],
  ['5xx after it was done', { kind: 'error', when: 'after' }],
  ['Slack’s own “internal_error”', { kind: 'refuse', error: 'internal_error' }],
  ['no answer, not done', { kind: 'hang', when: 'before' }],
  ['no answer, done', { kind: 'hang', when: 'after' }],
  ['given up, and done later', { kind: 'slow', milliseconds: lateMs }],
  ['cut off before it is done', { kind: 'drop', when: 'before' }],
  ['cut off after it was done', { kind: 'drop', when: 'after' }],
];

/** What is no call of the Web API knows no such words. */
const faultsOf = (method: string) => faults.filter(([, { kind }]) => kind !== 'refuse' || method.includes('.'));

/** What makes the adapter send a request, with the fault at the moment of `scene.fail()`, and what must have come of it. */
type Row = (scene: Scene, fault: Fault) => Promise<void>;

const rows: Readonly<Record<string, Row>> = {
  async 'agents.sessions.setStatus'(scene) {
    const { thread, root } = await asked(scene);
    const show = (state: 'working' | 'over') => scene.adapter.showStatus?.(thread, { title: '#1', state });
    scene.fail();
    await show('working')?.catch(() => undefined);
    await untilDone(async () => show('over'));
    expect(scene.slack.driver.session(root)).toMatchObject({ status: 'closed', title: '#1' });
  },

  async 'agents.sessions.rename'(scene) {
    const { thread, root } = await asked(scene);
    const show = async (title: string) => scene.adapter.showStatus?.(thread, { title, state: 'working' });
    await untilDone(() => show('#1'));
    scene.fail();
    await show('#2').catch(() => undefined);
    await untilDone(() => show('#3'));
    expect(scene.slack.driver.session(root)).toMatchObject({ status: 'processing', title: '#3' });
  },

  async 'apps.connections.open'(scene) {
    scene.fail();
    await scene.restart();
    const { driver } = scene.slack;
    const { sockets } = scene.slack.faults;
    await driver.waitFor('both lines', () => sockets.count() === 2);
    scene.fail();
    sockets.drop();
    await driver.waitFor('the break', () => sockets.count() === 1);
    await driver.waitFor('both lines again', () => sockets.count() === 2);
    await heardOnce(scene);
  },

  async 'auth.test'(scene) {
    scene.fail();
    await scene.restart();
    await heardOnce(scene);
  },

  async 'auth.revoke'(scene) {
    scene.fail();
    expect(await installAtLast(scene)).toMatchObject({ status: 403 });
    const [token] = scene.slack.calls.of('auth.revoke');
    expect(scene.slack.calls.of('auth.revoke').every((call) => call.token === token?.token)).toBe(true);
    expect(await scene.installations.places()).toEqual([]);
    const answer = await fetch(`${scene.slack.url}auth.test`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token?.token}` },
    });
    expect(await answer.json()).toMatchObject({ ok: false, error: 'token_revoked' });
  },

  async 'chat.postEphemeral'(scene, fault) {
    await toldAlone(scene, fault, () => scene.fail());
  },

  async response_url(scene, fault) {
    await toldAlone(scene, fault, () => {
      scene.slack.faults.http.inject('chat.postEphemeral', { kind: 'refuse', error: 'user_not_in_channel' });
      scene.fail();
    });
  },

  async 'chat.postMessage'(scene) {
    const { driver } = scene.slack;
    const { thread, root } = await asked(scene);
    scene.fail();
    await shown(scene, thread, 'Once');
    expect(textsOf(scene, root)).toEqual(['Once']);

    const channel = channelOf(scene);
    await driver.command('/commander', 'go', { user: driver.ben, channel });
    const heard = (await scene.host.until(1)).find((message) => message.thread.channel.endsWith(channel));
    if (heard === undefined) throw new Error('the command was not heard');
    scene.fail();
    await shown(scene, heard.thread, 'In a command’s thread');
    const [opening, ...more] = driver.messages(channel);
    expect(more).toEqual([]);
    expect(opening && textsOf(scene, opening)).toEqual(['In a command’s thread']);

    // The bot was taken out of the channel: who asked is told directly.
    const before = driver.messages(driver.direct(driver.ben)).length;
    driver.workspace.channels.get(root.channel)?.members.delete(driver.workspace.bot.userId);
    scene.fail({ matching: (args) => args.channel === driver.ben });
    await expect(untilRefused(scene, thread)).resolves.toMatch(/\/invite/);
    expect(driver.messages(driver.direct(driver.ben)).slice(before)).toHaveLength(1);
  },

  async 'chat.update'(scene) {
    const { thread, root } = await asked(scene);
    const post = await shown(scene, thread, 'one');
    const edit = (title: string, revision: number) => scene.adapter.edit(thread, post, card(title), revision, 'now');
    scene.fail();
    await edit('two', 2).catch(() => undefined);
    await untilDone(() => edit('three', 3));
    expect(textsOf(scene, root)).toEqual(['three']);
  },

  async 'conversations.history'(scene) {
    await caughtUp(scene);
    // Whether the message that opens a command's thread is there is looked up.
    const { driver } = scene.slack;
    const channel = channelOf(scene);
    await driver.command('/commander', 'go', { user: driver.ben, channel });
    const heard = (await scene.host.until(1)).find((message) => message.thread.channel.endsWith(channel));
    scene.slack.faults.http.inject('chat.postMessage', { kind: 'drop', when: 'after' });
    scene.fail();
    if (heard !== undefined) await shown(scene, heard.thread, 'Found again');
    expect(driver.messages(channel)).toHaveLength(1);
  },

  async 'conversations.info'(scene) {
    const { driver } = scene.slack;
    const channel = channelOf(scene);
    scene.fail();
    const attempt = await driver.command('/commander', 'go', { user: driver.ben, channel });
    expect(attempt).toMatchObject({ acknowledged: true });
    const heard = (await scene.host.until(1)).filter((message) => message.thread.channel.endsWith(channel));
    expect(heard).toHaveLength(1);
  },

  async 'conversations.replies'(scene) {
    const { driver } = scene.slack;
    const root = driver.say(channelOf(scene), driver.anna, 'the build is red');
    scene.fail();
    const named = driver.say(root.channel, driver.ben, `${driver.mention} look`, { thread: root.ts });
    expect((await heardOf(scene, named)).earlier).toMatchObject([{ text: 'the build is red' }]);

    const { thread, root: other } = await asked(scene);
    scene.slack.faults.http.inject('chat.postMessage', { kind: 'drop', when: 'after' });
    scene.fail();
    await shown(scene, thread, 'Found again');
    expect(textsOf(scene, other)).toEqual(['Found again']);
  },

  async download(scene) {
    const file = await sentFile(scene);
    scene.fail();
    expect(await untilDone(() => bytesOf(scene, file))).toBe('abc');
  },

  async 'files.completeUploadExternal'(scene) {
    scene.fail();
    await sharedOnce(scene);
  },

  async 'files.getUploadURLExternal'(scene) {
    scene.fail();
    await sharedOnce(scene);
  },

  async upload(scene) {
    scene.fail();
    await sharedOnce(scene);
  },

  async 'files.info'(scene) {
    const file = await sentFile(scene);
    scene.fail();
    expect(await untilDone(() => bytesOf(scene, file))).toBe('abc');
    scene.slack.faults.http.inject('files.completeUploadExternal', { kind: 'drop', when: 'after' });
    scene.fail();
    await sharedOnce(scene);
  },

  async 'oauth.v2.access'(scene, fault) {
    const { driver } = scene.slack;
    const team = driver.workspace.id;
    scene.fail();
    expect(await installAtLast(scene)).toMatchObject({ status: 200 });
    const before = await scene.installations.find(team);
    if (before === undefined) throw new Error('nothing was installed');
    // Its token ends soon. Where Slack gave another one that never came, the old one counts until its end.
    await scene.installations.save({ ...before, expiresAt: Date.now() + 60_000 });
    await scene.restart();
    scene.fail();
    const channel = channelOf(scene);
    const root = driver.say(channel, driver.ben, 'hi');
    const thread = { platform: 'slack', channel: `${team}/${channel}`, thread: root.ts };
    await shown(scene, thread, 'Once');
    expect(textsOf(scene, root)).toEqual(['Once']);
    await shown(scene, thread, 'Twice');
    const after = await scene.installations.find(team);
    if (!mayBeDone(fault)) expect(after?.token).not.toBe(before.token);
  },

  async 'users.conversations'(scene) {
    await caughtUp(scene);
  },

  async 'users.info'(scene) {
    const { driver } = scene.slack;
    const boss = driver.addPerson(`boss-${randomUUID()}`, 'admin');
    scene.fail();
    const said = driver.say(channelOf(scene), boss, `${driver.mention} go`);
    const { sender } = await heardOf(scene, said);
    expect(sender).toMatchObject({ administers: true, name: expect.stringContaining('boss') });
    // Of a newcomer who presses something the role would stay what it was then: he is asked to press again.
    const { card: message } = await withButton(scene);
    const other = driver.addPerson(`other-${randomUUID()}`, 'admin');
    const before = scene.host.presses.length;
    scene.fail();
    expect(await driver.click(message, action, { user: other })).toMatchObject({ acknowledged: true });
    await driver.waitFor('what came of it', () => scene.host.presses[before] ?? driver.ephemerals(other)[0]);
    const pressed = scene.host.presses[before];
    if (pressed === undefined) expect(driver.ephemerals(other)[0]?.text).toContain('try again');
    else expect(pressed.sender).toMatchObject({ administers: true });
  },

  async 'views.open'(scene) {
    const { driver } = scene.slack;
    const { card: message } = await withButton(scene);
    scene.host.reply = { kind: 'modal', modal: { id: 'x', title: 'X', intro: ['So.'], submit: 'Send', fields: [] } };
    scene.fail();
    await driver.click(message, action, { user: driver.ben });
    await driver.waitFor('the form, or a word', () => driver.views(driver.ben)[0] ?? driver.ephemerals(driver.ben)[0]);
    expect(driver.views(driver.ben).length).toBeLessThanOrEqual(1);
    if (driver.views(driver.ben).length === 0) expect(driver.ephemerals(driver.ben)[0]?.text).toContain('press again');
  },

  async 'views.publish'(scene) {
    const { driver } = scene.slack;
    let state = 'Old';
    scene.host.home = async () => {
      const drawn = card(state);
      state = 'New';
      return [drawn];
    };
    scene.fail();
    driver.openHome(driver.ben);
    driver.openHome(driver.ben);
    await scene.slack.driver.settled();
    const shows = () => JSON.stringify(driver.home(driver.ben)?.shown.blocks ?? []);
    await scene.host.understood();
    expect(shows()).toContain('New');
  },
};

const manyWorkspaces: Readonly<Record<string, 'any' | 'nobody'>> = {
  'oauth.v2.access': 'any',
  'auth.revoke': 'nobody',
};

it('there is a row for every request that the adapter’s sources make', async () => {
  expect(Object.keys(rows).sort()).toEqual(await allRequests());
});

describe.concurrent.each(Object.entries(rows))(
  'whatever goes wrong with %s, nothing is lost or there twice',
  (method, row) => {
    it.concurrent.each(faultsOf(method))('%s', async (_, fault) => {
      const may = manyWorkspaces[method];
      const scene = await openScene(method, fault, may === undefined ? { by: 'token' } : { by: 'oauth', may });
      try {
        await row(scene, fault);
        expect(scene.struck().every((hits) => hits === 1)).toBe(true);
        expect(scene.struck().length).toBeGreaterThan(0);
      } finally {
        await scene.stop();
      }
    });
  },
);
