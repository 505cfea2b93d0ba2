import { afterEach, beforeEach, expect, test } from 'vitest';
import { socketApp, stopApp } from './bolt.ts';
import { type SlackServer, startSlackServer } from './server.ts';

let slack: SlackServer;
let app: ReturnType<typeof socketApp>;

beforeEach(async () => {
  slack = await startSlackServer();
  app = socketApp(slack);
});

afterEach(async () => {
  await stopApp(app, slack);
  await slack.stop();
});

test('a mention reaches Bolt as app_mention and as message, and the reply stands in the thread', async () => {
  const heard: string[] = [];
  app.message(async ({ message }) => void heard.push(message.type));
  app.event('app_mention', async ({ event, say }) => {
    heard.push(event.type);
    await say({ text: 'On it', thread_ts: event.ts });
  });
  await app.start();
  const { driver } = slack;
  const message = driver.say(driver.channel('general'), driver.ben, `${driver.mention} hello`);
  const [reply] = await driver.waitFor('a reply', () => driver.thread(message).length > 0 && driver.thread(message));
  await driver.settled();
  expect(reply).toMatchObject({ text: 'On it', from: 'app', threadTs: message.ts });
  expect(heard.toSorted()).toEqual(['app_mention', 'message']);
  expect(slack.calls.refused()).toEqual([]);
});

const form = {
  type: 'modal' as const,
  callback_id: 'refine',
  title: { type: 'plain_text' as const, text: 'Refine' },
  submit: { type: 'plain_text' as const, text: 'Send' },
  blocks: [
    {
      type: 'input',
      block_id: 'words_block',
      label: { type: 'plain_text' as const, text: 'What should change?' },
      element: { type: 'plain_text_input' as const, action_id: 'words', multiline: true },
    },
  ],
};

test('a button opens a form, the form refuses, then takes what was written', async () => {
  app.action('refine', async ({ ack, body, client }) => {
    await ack();
    if ('trigger_id' in body) await client.views.open({ trigger_id: body.trigger_id, view: form });
  });
  app.view('refine', async ({ ack, view, client }) => {
    const words = view.state.values.words_block?.words?.value ?? '';
    if (words === 'no') return ack({ response_action: 'errors', errors: { words_block: 'Say more' } });
    await ack();
    await client.chat.postMessage({ channel: slack.driver.channel('general'), text: words });
  });
  await app.start();
  const { driver } = slack;
  const channel = driver.channel('general');
  await app.client.chat.postMessage({
    channel,
    text: 'A plan',
    blocks: [
      {
        type: 'actions',
        elements: [{ type: 'button', action_id: 'refine', text: { type: 'plain_text', text: 'Refine' }, value: '1' }],
      },
    ],
  });
  const [plan] = driver.messages(channel);
  if (plan === undefined) throw new Error('no plan');
  expect(await driver.click(plan, 'refine', { user: driver.ben })).toMatchObject({ acknowledged: true });
  const view = await driver.waitFor('a form', () => driver.views(driver.ben)[0]);
  await driver.submit(view, { words: 'no' });
  expect(view).toMatchObject({ closed: false, errors: { words_block: 'Say more' } });
  await driver.submit(view, { words: 'shorter, please' });
  expect(view.closed).toBe(true);
  await driver.waitFor('the words', () => driver.messages(channel).some(({ text }) => text === 'shorter, please'));
});

test('a command answers to the person alone, and again at its response address', async () => {
  app.command('/commander', async ({ ack, command, respond }) => {
    await ack(`You said ${command.text}`);
    await respond({ text: 'Here you are', response_type: 'in_channel' });
  });
  await app.start();
  const { driver } = slack;
  await driver.command('/commander', 'list', { user: driver.ben });
  expect(driver.ephemerals(driver.ben)).toMatchObject([{ text: 'You said list' }]);
  expect(driver.ephemerals(driver.anna)).toEqual([]);
  await driver.waitFor('the answer', () => driver.messages(driver.channel('general'))[0]?.text === 'Here you are');
});

test('files go both ways, and private ones take the token', async () => {
  app.message(async ({ message, client }) => {
    if (message.subtype !== 'file_share' || message.user === slack.driver.workspace.bot.userId) return;
    const address = message.files?.[0]?.url_private ?? '';
    const open = await fetch(address);
    const bytes = await fetch(address, { headers: { authorization: `Bearer ${slack.botToken}` } });
    await client.filesUploadV2({
      channel_id: message.channel,
      thread_ts: message.ts,
      filename: 'copy.txt',
      file: Buffer.from(await bytes.arrayBuffer()),
      initial_comment: open.headers.get('content-type') ?? '',
    });
  });
  await app.start();
  const { driver } = slack;
  const file = driver.upload('notes.txt', 'remember this');
  const message = driver.say(driver.channel('general'), driver.anna, 'see', { files: [file] });
  const answer = await driver.waitFor('the copy', () => driver.thread(message)[0]);
  // Without a token Slack shows its sign-in page, with status 200.
  expect(answer.text).toContain('text/html');
  expect(answer.files[0]).toMatchObject({ name: 'copy.txt', size: 13, sha256: file.sha256 });
});
