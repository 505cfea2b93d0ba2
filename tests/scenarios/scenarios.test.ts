import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#db/database.ts';
import { makeRepository } from '#tests/whole/projects.ts';
import { discordPlatform } from './discord.ts';
import type { ScenarioPlatform } from './platform.ts';
import { slackPlatform } from './slack.ts';
import { webPlatform } from './web.ts';

const taskOf = (db: Database, id: string) =>
  db.kysely.selectFrom('tasks').select('state').where('id', '=', id).executeTakeFirstOrThrow();

describe.each([
  ['the web chat', webPlatform],
  ['Slack', slackPlatform],
  ['Discord', () => discordPlatform()],
])('on %s', (name, start) => {
  let platform: ScenarioPlatform;
  /** The thread of the first task. */
  let tests = '';

  beforeAll(async () => {
    platform = await start();
  });
  afterAll(() => platform.stop());

  const count = async (thread: string, words: string) =>
    (await platform.posts(thread)).filter((text) => text.includes(words)).length;

  it('runs the tests: understood, one status card, one report', async () => {
    const thread = await platform.ask('run the tests', 'member');
    tests = thread;
    await platform.until(thread, 'Completed');
    await platform.until(thread, 'Run again');
    expect(await platform.posts(thread)).toHaveLength(3);
    expect(await count(thread, 'in strawberry-api')).toBeGreaterThan(0);
  });

  it('lists tasks from anywhere, each leading to its thread, or to its page where that is on another platform', async () => {
    const list = await platform.ask('tasks recent', 'member');
    await platform.until(list, platform.linkOf(tests));
    const { commander } = platform;
    const card = await commander.card(await commander.say('@commander tasks'), ({ key }) => key.endsWith('tasks'));
    const href = /"href":"([^"]+)","kind":"task","number":1}/.exec(JSON.stringify(card))?.[1] ?? '';
    expect(href).toMatch(name === 'the web chat' ? /^\/c\/general\// : /^\/tasks\/1$/);
    expect((await fetch(commander.url + href)).status).toBe(200);
  });

  it('says what it understands, and is honest about what it does not', async () => {
    const help = await platform.ask('help', 'member');
    await platform.until(help, 'What you can say');
    const unknown = await platform.ask('make me a sandwich', 'member');
    await platform.until(unknown, 'I did not understand that');
    expect(await platform.posts(unknown)).toHaveLength(1);
  });

  it.runIf(name !== 'the web chat')(
    'what is forwarded or answered is context, which is shown and never obeyed',
    async () => {
      const thread = (await platform.askAbout?.('release 9.9.9', 'run the tests', 'member')) ?? '';
      await platform.until(thread, 'Said before, as context');
      await platform.until(thread, 'release 9.9.9');
      await platform.until(thread, 'Completed');
      expect(await count(thread, 'Understood')).toBe(1);
    },
  );

  it('asks before a release; only one who may decides; the thread goes on over a restart, with nothing twice', async () => {
    const thread = await platform.ask('release 1.2.0', 'admin');
    await platform.until(thread, 'Approve');
    expect(await platform.refusal(thread, 'Approve', 'member')).toContain('approver');
    await platform.commander.restartBot();
    const before = (await platform.posts(thread)).length;
    await platform.press(thread, 'Approve', 'admin');
    await platform.until(thread, 'Deliver');
    const texts = await platform.posts(thread);
    expect(texts.length).toBeGreaterThan(before);
    expect(new Set(texts).size).toBe(texts.length);
    expect(await count(thread, 'Exactly this was approved')).toBe(1);
    const number = /#\d+/.exec(texts.join(' '))?.[0];
    const changes = await platform.ask(`diff ${number}`, 'member');
    await platform.until(changes, 'So far the work');
    if (name === 'the web chat') return;
    // Where nobody can open Commander's pages, the diff comes as a file, and what leads to a page elsewhere is a press.
    await expect.poll(() => platform.files(changes)).toContainEqual(expect.stringContaining('+1.2.0'));
    for (const [label, inside] of [
      ['Details', '=== '],
      ['Diff', '+1.2.0'],
    ] as const) {
      await platform.press(thread, label, 'member');
      await expect.poll(() => platform.files(thread)).toContainEqual(expect.stringContaining(inside));
    }
  });

  it('gives what one task made to another one, by a form', async () => {
    const thread = await platform.ask('report as csv', 'member');
    await platform.until(thread, 'Run again');
    const { db } = platform.commander;
    const made = db.kysely.selectFrom('outputs').selectAll().orderBy('made_at', 'desc');
    const output = await made.where('media_type', '=', 'text/csv').executeTakeFirstOrThrow();
    const values = { outputs: output.id, what: 'run the tests', project: '-', runbook: '-', priority: '-' };
    expect(await platform.fill(thread, 'Use in a new task…', { ...values, what: ' ' }, 'member')).toContain('Say what');
    expect(await platform.fill(thread, 'Use in a new task…', values, 'member')).toBe('');
    const { number } = (await taskOf(db, output.task_id)).state;
    await platform.until(thread, `version 1 of #${number})`);
    const given = await db.kysely.selectFrom('given_outputs').selectAll().execute();
    const task = await taskOf(db, given[0]?.task_id ?? '');
    const from = { outputId: output.id, taskId: output.task_id, task: number, version: 1 };
    expect(task.state.understanding.attachments).toMatchObject([{ name: output.name, sha256: output.sha256, from }]);
  });

  it('shows what was asked for directly to nobody else who may not see it, and to nobody where others read', async () => {
    const { askDirectly, commander } = platform;
    if (askDirectly === undefined) return;
    const direct = await askDirectly('report as csv', 'admin');
    await platform.until(direct, 'Run again');
    await platform.until(direct, 'and Commander’s admins.');
    const newest = commander.db.kysely.selectFrom('tasks').select('state').orderBy('number', 'desc').limit(1);
    const { number } = (await newest.executeTakeFirstOrThrow()).state;
    const none = `There is no task #${number} that you can see`;
    for (const words of [`diff #${number}`, `logs #${number}`, `cancel #${number}`, `run the tests after #${number}`])
      await platform.until(await platform.ask(words, 'member'), none);
    const given = await askDirectly(`read with the outputs of #${number}`, 'member');
    await platform.until(given, none);
    await platform.until(await platform.ask(`status #${number}`, 'admin'), 'others read here');
    const list = await platform.ask('tasks mine', 'admin');
    await platform.until(list, 'of yours is not shown where others read');
    expect(await count(list, 'Report')).toBe(0);
    await platform.until(await askDirectly(`outputs #${number}`, 'admin'), `Outputs of #${number}`);
    const page = `${commander.url}/tasks/${number}`;
    expect((await fetch(page)).status).toBe(404);
    expect(await (await fetch(`${commander.url}/library`)).text()).not.toContain(`#${number}<`);
    const card = await commander.card(await commander.say('@commander tasks'), ({ key }) => key.endsWith('tasks'));
    const key = new RegExp(`/tasks/${number}\\?key=([0-9a-f-]+)`).exec(JSON.stringify(card))?.[1];
    const opened = await fetch(`${page}?key=${key}`);
    expect(opened.status).toBe(200);
    const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await fetch(`${page}/log`, { headers: { cookie } })).status).toBe(200);
  });

  it('cancels by a button', async () => {
    const thread = await platform.ask('slow', 'admin');
    await platform.until(thread, 'Pause');
    await platform.press(thread, 'Cancel', 'admin');
    await platform.until(thread, 'Cancelled');
  });

  it('speaks as somebody prefers from the next card on, over a restart too', async () => {
    const asked = await platform.ask('preferences', 'member');
    await platform.until(asked, 'Preferences for you');
    await platform.choose(asked, 'Tone', 'terse', 'member');
    await platform.until(asked, 'terse, because');
    const before = await platform.ask('make me a sandwich', 'member');
    await platform.until(before, 'Not understood');
    await platform.commander.restartBot();
    const after = await platform.ask('run the tests', 'member');
    await platform.until(after, 'Got it');
    const others = await platform.ask('make me a sandwich', 'admin');
    await platform.until(others, 'I did not understand that');
    const back = await platform.ask('set tone default', 'member');
    await platform.until(back, 'nothing is chosen there any more');
  });

  // The last one: from here on there are two projects, and who says only “run the tests” is asked which.
  it('is done in the channel’s own project, or where a route leads, and says who chose that', async () => {
    const { folder } = platform.commander;
    const steps = [{ name: 'Test', run: 'true', approve: false, reversible: true }];
    const file = JSON.stringify({ runbooks: { test: { name: 'Run the tests', summary: 'Runs all tests', steps } } });
    const notes = await makeRepository(join(folder, 'notes'), { 'commander.yaml': file });
    await platform.until(await platform.ask(`add project ${notes}`, 'admin'), 'is a project now');
    const chosen = await platform.ask('use project notes', 'admin');
    await platform.until(chosen, 'Project for this channel: notes');
    await platform.until(await platform.ask('route hotfix to strawberry-api', 'admin'), '“hotfix” leads to');
    const home = await platform.askBeside(chosen, 'run the tests', 'member');
    await platform.until(home, 'In notes, because an');
    const led = await platform.askBeside(chosen, 'run the tests for the hotfix', 'member');
    await platform.until(led, 'In strawberry-api, because of the route “hotfix” by an');
    for (const thread of [home, led]) await platform.until(thread, 'Completed');
  });
});
