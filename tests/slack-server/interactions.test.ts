import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { botClient, socketApp, stopApp } from './bolt.ts';
import { type ManualClock, manualClock } from './clock.ts';
import { type SlackServer, startSlackServer } from './server.ts';
import type { Message } from './state/message.ts';

let slack: SlackServer;
let app: App;
let clock: ManualClock;
let general: string;

beforeEach(async () => {
  clock = manualClock(Date.parse('2026-11-01T12:00:00Z'));
  slack = await startSlackServer({ clock });
  app = socketApp(slack);
  general = slack.driver.channel('general');
});

afterEach(async () => {
  await stopApp(app, slack);
  await slack.stop();
});

const modal: ModalView = {
  type: 'modal',
  title: { type: 'plain_text', text: 'One' },
  blocks: [{ type: 'divider' }],
  private_metadata: 'kept',
};

/** A trigger, as a command brings it. */
async function trigger(): Promise<string> {
  const got = new Promise<string>((resolve) => {
    app.command('/commander', async ({ ack, command }) => {
      await ack();
      resolve(command.trigger_id);
    });
  });
  await app.start();
  await slack.driver.command('/commander', 'open');
  return got;
}

async function posted(blocks: object[]): Promise<Message> {
  const { ts } = await botClient(slack).chat.postMessage({ channel: general, text: 'x', blocks: blocks as [] });
  const message = slack.driver.messages(general).find((one) => one.ts === ts);
  if (message === undefined) throw new Error('nothing posted');
  return message;
}

test('a trigger opens one view', async () => {
  const client = botClient(slack);
  const trigger_id = await trigger();
  const { view } = await client.views.open({ trigger_id, view: modal });
  expect(slack.driver.views(slack.driver.anna)).toMatchObject([{ id: view?.id, shown: { private_metadata: 'kept' } }]);
  await expect(client.views.open({ trigger_id, view: modal })).rejects.toMatchObject({
    data: { error: 'exchanged_trigger_id' },
  });
  await expect(client.views.open({ trigger_id: '1.2.x', view: modal })).rejects.toMatchObject({
    data: { error: 'invalid_trigger_id' },
  });
});

test('a trigger lives for three seconds', async () => {
  const trigger_id = await trigger();
  clock.advance(3001);
  await expect(botClient(slack).views.open({ trigger_id, view: modal })).rejects.toMatchObject({
    data: { error: 'expired_trigger_id' },
  });
});

test('an update that saw an older view is refused', async () => {
  const client = botClient(slack);
  const { view } = await client.views.open({ trigger_id: await trigger(), view: modal });
  const [view_id, hash] = [view?.id ?? '', view?.hash ?? ''];
  await client.views.update({ view_id, hash, view: modal });
  await expect(client.views.update({ view_id, hash, view: modal })).rejects.toMatchObject({
    data: { error: 'hash_conflict' },
  });
});

test('a form can be answered by another view, by one on top, and by closing all', async () => {
  const answers = [
    { response_action: 'update' as const, view: modal },
    { response_action: 'push' as const, view: modal },
    { response_action: 'clear' as const },
  ];
  app.view({ type: 'view_submission' }, async ({ ack }) => {
    const answer = answers.shift();
    if (answer !== undefined) await ack(answer);
  });
  const { driver } = slack;
  await botClient(slack).views.open({ trigger_id: await trigger(), view: modal });
  const [view] = driver.views();
  if (view === undefined) throw new Error('no view');
  const before = view.hash;
  await driver.submit(view);
  expect(view.hash).not.toBe(before);
  await driver.submit(view);
  const [, top] = driver.views();
  expect(top).toMatchObject({ previousViewId: view.id, rootViewId: view.id });
  if (top !== undefined) await driver.submit(top);
  expect(driver.views()).toEqual([]);
});

test('a menu says what was chosen, a served one asks for its options', async () => {
  const chosen: unknown[] = [];
  app.options('served', async ({ ack, payload }) => {
    await ack({ options: [{ text: { type: 'plain_text', text: payload.value }, value: '1' }] });
  });
  app.action(/.*/, async ({ ack, payload }) => {
    await ack();
    chosen.push('selected_option' in payload ? payload.selected_option?.value : undefined);
  });
  await app.start();
  const options = ['a', 'b'].map((value) => ({ text: { type: 'plain_text', text: value }, value }));
  const elements = [
    { type: 'static_select', action_id: 'pick', options },
    { type: 'external_select', action_id: 'served', min_query_length: 0 },
  ];
  const message = await posted([{ type: 'actions', elements }]);
  await slack.driver.select(message, 'pick', 'b');
  expect(await slack.driver.suggest(message, 'served', 'pro')).toMatchObject([{ text: { text: 'pro' } }]);
  expect(chosen).toEqual(['b']);
  expect(() => slack.driver.select(message, 'pick', 'c')).toThrow('pick has no option c, only: a, b');
  expect(() => slack.driver.click(message, 'gone')).toThrow('There is no gone to use, only: pick, served');
});

test('a click reaches the app even when the message is gone, and its answer finds no message', async () => {
  const seen: unknown[] = [];
  app.action('late', async ({ ack, body, respond }) => {
    await ack();
    seen.push('message' in body && body.message?.text);
    await respond({ text: 'new', replace_original: true }).catch((error: unknown) => seen.push(error instanceof Error));
    slack.driver.workspace.changes.notify();
  });
  await app.start();
  const message = await posted([
    { type: 'actions', elements: [{ type: 'button', action_id: 'late', text: { type: 'plain_text', text: 'x' } }] },
  ]);
  slack.driver.remove(message);
  await slack.driver.click(message, 'late');
  await slack.driver.waitFor('the failed answer', () => seen.length === 2);
  expect(seen).toEqual(['x', true]);
});

test('a button without a listener is not acknowledged', async () => {
  await app.start();
  const message = await posted([
    { type: 'actions', elements: [{ type: 'button', action_id: 'unheard', text: { type: 'plain_text', text: 'x' } }] },
  ]);
  const outcome = slack.driver.click(message, 'unheard');
  clock.advance(3000);
  expect(await outcome).toEqual({ acknowledged: false, reason: 'timeout' });
});

test('a response address is good for five answers and half an hour', async () => {
  const { driver } = slack;
  const addresses: string[] = [];
  app.command('/commander', async ({ ack, command }) => {
    addresses.push(command.response_url);
    await ack();
  });
  await app.start();
  await driver.command('/commander', '');
  await driver.command('/commander', '');
  const [first = '', second = ''] = addresses;
  const answer = async (address: string): Promise<string> =>
    (await fetch(address, { method: 'POST', body: JSON.stringify({ text: 'x' }) })).text();
  for (let count = 0; count < 5; count += 1) expect(await answer(first)).toBe('ok');
  expect(await answer(first)).toBe('used_url');
  clock.advance(30 * 60 * 1000 + 1);
  expect(await answer(second)).toBe('expired_url');
  expect(driver.ephemerals(driver.anna)).toHaveLength(5);
});

test('a file of another organisation is nearly empty until it is asked for', async () => {
  const { driver } = slack;
  const files = new Promise<unknown>((resolve) => {
    app.event('message', async ({ event }) => resolve('files' in event && event.files));
  });
  await app.start();
  const file = driver.upload('a.txt', 'x', { access: 'check_file_info' });
  driver.say(general, driver.ben, 'look', { files: [file] });
  expect(await files).toEqual([
    { id: file.id, mode: 'file_access', file_access: 'check_file_info', created: file.created, timestamp: 0 },
  ]);
  expect((await botClient(slack).files.info({ file: file.id })).file).toMatchObject({ name: 'a.txt', size: 1 });
});

test('a shortcut carries the message, the home tab opens, an edit and a deletion are told', async () => {
  const told: unknown[] = [];
  app.shortcut('make_task', async ({ ack, shortcut }) => {
    await ack();
    told.push(shortcut.type === 'message_action' && shortcut.message.text);
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [{ type: 'divider' }] } });
  });
  app.event('message', async ({ event }) => void told.push(event.subtype));
  app.event('reaction_added', async ({ event }) => void told.push(event.reaction));
  await app.start();
  const { driver } = slack;
  const message = driver.say(general, driver.ben, 'a < b');
  await driver.settled();
  await driver.shortcut(message);
  driver.edit(message, 'b > a');
  await driver.settled();
  driver.react(message, driver.anna, 'eyes');
  await driver.settled();
  driver.remove(message);
  await driver.settled();
  driver.openHome(driver.ben);
  await driver.waitFor('the home tab', () => driver.home(driver.ben));
  expect(told).toEqual([undefined, 'a &lt; b', 'message_changed', 'eyes', 'message_deleted']);
});
