import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeCommands } from '#bot/commands/describe.ts';
import { actionOf, type SlackPlatform, slackPlatform } from '#tests/scenarios/slack.ts';
import { elementsOf } from '#tests/slack-server/driver/elements.ts';
import { stubAgent } from '#tests/stub-agent/stub-agent.ts';

let platform: SlackPlatform;
let folder: string;

// Over HTTP: what presses, forms, commands, reactions and sessions need of Slack is no less there than over its sockets.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commander-slack-'));
  const asks = { elicit: { message: 'Which database?', properties: { database: { type: 'string' } } } };
  platform = await slackPlatform({ over: 'http', agents: [stubAgent(folder, [[asks, { say: 'Moved.' }]])] });
});
afterAll(async () => {
  await platform.stop();
  await rm(folder, { recursive: true, force: true });
  expect(platform.server.calls.rateLimited()).toEqual([]);
});

const channelOf = (place: string) => place.split('/')[0] ?? '';
const tsOf = (place: string) => place.split('/')[1] ?? '';

/** The newest post that has a button of that label. */
function withButton(place: string, label: string) {
  const found = platform.thread(place).findLast(({ blocks }) => actionOf(blocks, label) !== undefined);
  if (found === undefined) throw new Error(`no post has a button “${label}”`);
  return found;
}

/** A release that waits for its approval. */
async function waiting(version: string): Promise<string> {
  const place = await platform.ask(`release ${version}`, 'admin');
  await platform.until(place, 'Approve');
  return place;
}

describe('in the thread of a task that is under way', () => {
  it('✅ approves and 🛑 stops for those who may, and for nobody else', async () => {
    const { driver } = platform.server;
    const place = await waiting('1.3.0');
    const before = driver.ephemerals(driver.ben).length;
    driver.react(withButton(place, 'Approve'), driver.ben, 'white_check_mark');
    const told = await driver.waitFor('the refusal', () => driver.ephemerals(driver.ben)[before]);
    expect(told.text).toContain('approver');
    driver.react(withButton(place, 'Approve'), driver.anna, 'white_check_mark');
    await platform.until(place, 'Deliver');
    const slow = await platform.ask('slow', 'admin');
    await platform.until(slow, 'Pause');
    driver.react(withButton(slow, 'Cancel'), driver.anna, 'octagonal_sign');
    await platform.until(slow, 'Cancelled');
  });

  it('Slack’s own stop button stops, for those who may, and the session ends', async () => {
    const { driver } = platform.server;
    const place = await platform.ask('slow', 'admin');
    const root = { channel: channelOf(place), ts: tsOf(place) };
    const session = await driver.waitFor('a session that works', () => {
      const found = driver.session(root);
      return found?.status === 'processing' && found;
    });
    const before = driver.ephemerals(driver.ben).length;
    driver.stopSession(session, driver.ben);
    await driver.waitFor('the refusal', () => driver.ephemerals(driver.ben)[before]);
    driver.stopSession(session, driver.anna);
    await platform.until(place, 'Cancelled');
    await driver.waitFor('the end of the session', () => session.status === 'closed');
  });
});

describe('forms', () => {
  it('“Make this a task” is prefilled, takes files along, and works in the thread of the message', async () => {
    const { driver } = platform.server;
    const channel = driver.addChannel('requests');
    driver.invite(channel);
    const message = driver.say(channel, driver.ben, 'somebody should run the tests');
    await driver.shortcut(message, { user: driver.ben });
    const view = await driver.waitFor('the form', () => driver.views(driver.ben)[0]);
    expect(JSON.stringify(view.shown.blocks)).toContain('somebody should run the tests');
    const filled = elementsOf(view.shown.blocks).map(({ element }) => [
      element.action_id,
      element.initial_value ?? (element.initial_option as { readonly value?: string } | undefined)?.value,
    ]);
    expect(Object.fromEntries(filled)).toEqual({
      ...{ what: 'somebody should run the tests', project: '-', runbook: '-', priority: '-', files: undefined },
    });
    const file = driver.upload('notes.txt', 'look at the login', { user: driver.ben });
    const values = { what: '1.5.0', project: 'strawberry-api', runbook: 'release', priority: '10', files: file.id };
    await driver.submit(view, values);
    const place = `${channel}/${message.ts}`;
    await platform.until(place, 'Approve');
    const shown = platform
      .thread(place)
      .map(({ text }) => text)
      .join('\n');
    for (const words of [/notes\.txt/, /strawberry-api/, /release/, /1\.5\.0/, /Priority:? 10\b/])
      expect(shown).toMatch(words);
  });

  it('a rule is said in words before it is made, is listed for all, and revoked by those who may', async () => {
    const { driver } = platform.server;
    const place = await waiting('1.4.0');
    const asks = withButton(place, 'Always allow here');
    await driver.click(asks, actionOf(asks.blocks, 'Always allow here') ?? '', { user: driver.anna });
    const view = await driver.waitFor('the form', () => driver.views(driver.anna)[0]);
    const form = JSON.stringify(view.shown.blocks);
    for (const words of ['without asking', 'it would have answered', 'for everybody', '365 days', 'revoke rule'])
      expect(form).toContain(words);
    await driver.submit(view, { scope: 'project', days: '30' });
    await platform.until(place, 'Deliver');
    const listed = await platform.ask('rules', 'member');
    await platform.until(listed, 'for everybody: anna said so');
    const name = /"code":true.*?\b([0-9a-f]{6})\b|\b([0-9a-f]{6})\b[^"]*","style":\{"code":true/.exec(
      JSON.stringify(platform.thread(listed)),
    );
    const rule = name?.[1] ?? name?.[2];
    const may = await platform.ask(`revoke rule ${rule}`, 'member');
    await driver.waitFor('the refusal', () => platform.thread(may)[0]);
    expect((await platform.posts(may)).join()).not.toContain('The rule is revoked');
    await platform.until(await platform.ask(`revoke rule ${rule}`, 'admin'), 'The rule is revoked');
    await waiting('1.4.1');
  });

  it('a question that takes words is answered in a form', async () => {
    const { driver } = platform.server;
    const place = await platform.ask('move the users to another database in strawberry-api', 'admin');
    await platform.until(place, 'Answer…');
    const asked = withButton(place, 'Answer…');
    const action = actionOf(asked.blocks, 'Answer…') ?? '';
    await driver.click(asked, action, { user: driver.anna });
    const view = await driver.waitFor('the form', () => driver.views(driver.anna)[0]);
    expect(await driver.submit(view, { answer: '  ' })).toMatchObject({ body: { response_action: 'errors' } });
    await driver.submit(view, { answer: 'the blue one' });
    await platform.until(place, 'anna answered');
    await platform.until(place, 'the blue one');
  });
});

describe('from anywhere', () => {
  it('every command of the table is understood after /commander, and nothing at all is help', async () => {
    const { driver } = platform.server;
    const names = ['', ...describeCommands().flatMap(({ name }) => (name === 'ask' ? [] : [name]))];
    for (const [index, name] of names.entries()) {
      const channel = driver.addChannel(`commands-${index}`);
      driver.invite(channel);
      await driver.command('/commander', name, { user: driver.anna, channel });
      const root = await driver.waitFor(`the thread of “${name}”`, () => driver.messages(channel)[0]);
      expect(root.text).toContain(name === '' ? 'help' : name);
      const [answer] = await driver.waitFor(`the answer to “${name}”`, () => {
        const replies = driver.thread(root);
        return replies.length > 0 && replies;
      });
      expect(answer?.text, name).not.toContain('did not understand');
    }
  });

  it('a task of one channel is seen in another, with a link to its thread; and on one’s own page', async () => {
    const { driver } = platform.server;
    const place = await platform.ask('run the tests', 'member');
    await platform.until(place, 'Completed');
    const link = `archives/${channelOf(place)}/p${tsOf(place).replace('.', '')}`;
    const list = await platform.ask('tasks', 'member');
    await platform.until(list, link);
    const direct = driver.direct(driver.ben);
    const asked = driver.say(direct, driver.ben, 'tasks');
    await platform.until(`${direct}/${asked.ts}`, link);
    await driver.command('/commander', 'tasks', { user: driver.ben, channel: driver.channel('general') });
    const opened = await driver.waitFor(
      'the thread of the command',
      () => driver.messages(driver.channel('general'))[0],
    );
    await platform.until(`${opened.channel}/${opened.ts}`, link);
    driver.openHome(driver.ben);
    const home = await driver.waitFor('the page', () => driver.home(driver.ben));
    const page = JSON.stringify(home.shown.blocks);
    for (const words of [link, 'Your tasks', 'Nothing is always allowed', 'requester']) expect(page).toContain(words);
  });
});
