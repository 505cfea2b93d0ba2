import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Modal } from '#core/chat/modal.ts';
import { type AdapterOnDiscord, cardOf, keyOf, startAdapter } from '#tests/discord-server/with-adapter.ts';
import { drawForm } from './form.ts';

let discord: AdapterOnDiscord;

beforeEach(async () => {
  discord = await startAdapter();
});
afterEach(() => discord.stop());

const modal: Modal = {
  id: 'refine:0190a000-0000-7000-8000-00000000000b',
  title: 'Refine',
  intro: ['Say what to change.'],
  submit: 'Send',
  fields: [
    { kind: 'text', name: 'note', label: 'Note' },
    { kind: 'select', name: 'days', label: 'Days', options: ['7', '30'].map((value) => ({ value, label: value })) },
    { kind: 'checkboxes', name: 'files', label: 'Files', options: [{ value: 'a', label: 'a' }], values: [] },
    { kind: 'file', name: 'more', label: 'More files', optional: true },
  ],
};

/** Ben opens the form and sends it; what he gets. */
async function fillIn() {
  const { driver } = discord.server;
  const thread = await discord.asked();
  const buttons = [{ label: 'Refine', action: modal.id }];
  const post = await discord.adapter.create(
    thread,
    cardOf('Ask', { blocks: [{ kind: 'buttons', buttons }] }),
    keyOf(1),
    'now',
  );
  discord.host.reply = { kind: 'modal', modal };
  const opened = await driver.click(driver.message(post) as never, modal.id, { user: driver.ben });
  if (opened.modal === undefined) throw new Error('no form');
  discord.host.reply = { kind: 'problems', problems: { note: 'Say more than that.' } };
  const values = { note: 'faster', days: ['30'], files: ['a'], more: [{ name: 'a.txt', content: 'abc' }] };
  return { form: opened.modal, values };
}

describe('a form with a problem', () => {
  it('opens again with all that was filled in, also after a restart', async () => {
    const { driver } = discord.server;
    const { form, values } = await fillIn();
    const { message } = await driver.submitModal(form, values);
    expect(driver.text(message as never)).toContain('Say more than that.');
    await discord.restart();
    const again = await driver.click(message as never, `!${modal.id}`, { user: driver.ben });
    if (again.modal === undefined) throw new Error('no form');
    expect(JSON.stringify(again.modal.components)).toContain('"value":"faster"');
    discord.host.reply = { kind: 'done' };
    await driver.submitModal(again.modal, { days: ['30'], files: ['a'] });
    expect(discord.host.submissions.map((each) => each.values)).toEqual([
      { note: 'faster', days: '30', files: 'a' },
      { note: 'faster', days: '30', files: 'a' },
    ]);
    expect(discord.host.submissions[0]?.files).toMatchObject({ more: [{ name: 'a.txt', size: 3 }] });
  });

  it('opens again also when Commander was restarted while it was filled in', async () => {
    const { driver } = discord.server;
    const { form, values } = await fillIn();
    await discord.restart();
    const { message } = await driver.submitModal(form, values);
    const again = await driver.click(message as never, `!${modal.id}`, { user: driver.ben });
    expect(JSON.stringify(again.modal?.components)).toContain('"value":"faster"');
  });

  it('gives back all the words when it is not known any more', async () => {
    const { driver } = discord.server;
    const { form, values } = await fillIn();
    await discord.restart();
    await discord.store.delete(`form-open:${driver.ben}`);
    const note = `${'what I *want* '.repeat(280)}the end`;
    await driver.submitModal(form, { ...values, note });
    const file = await driver.waitFor('the file', () => driver.ephemerals(driver.ben).at(-1)?.attachments[0]);
    expect(file.bytes.toString()).toMatch(
      /^Say more than that\.\nPlease open the form again\. You wrote:\nwhat I \*want\* /,
    );
    expect(file.bytes.toString()).toContain(note);
  });
});

it('a form of five fields says its sentences in the first description that is free, before one where none is', () => {
  const drawn = (hints: readonly (string | undefined)[]) => {
    const fields = hints.map(
      (hint, n) => ({ kind: 'text', name: `${n}`, label: `${n}`, ...(hint && { hint }) }) as const,
    );
    return drawForm({ ...modal, fields }).components.map((part) => 'description' in part && part.description);
  };
  expect(drawn(['a', undefined, 'c', 'd', undefined])).toEqual(['a', 'Say what to change.', 'c', 'd', false]);
  expect(drawn(['a', 'b', 'c', 'd', 'e'])).toEqual(['Say what to change. a', 'b', 'c', 'd', 'e']);
});

it('a menu of a form keeps what is chosen among its 25 options, and says how many others there are', () => {
  const options = Array.from({ length: 300 }, (_, index) => ({ value: `p${index}`, label: `p${index}` }));
  const field = { kind: 'select', name: 'project', label: 'Project', options, value: 'p299' } as const;
  const { components } = drawForm({ ...modal, fields: [field] });
  expect(components[1]).toMatchObject({ description: '275 more can not be chosen here: say it in words.' });
  const drawn = JSON.stringify(components[1]);
  expect(drawn.match(/"value":"p/g)).toHaveLength(25);
  expect(drawn).toContain('{"value":"p299","label":"p299","default":true}');
});

describe('what is typed', () => {
  it('is completed by what the application offers for that person, within Discord’s limits', async () => {
    const { driver } = discord.server;
    const asked: unknown[] = [];
    discord.host.complete = async (...given) => {
      asked.push(given);
      return [
        { value: '#12', label: `#12 ${'long '.repeat(40)}` },
        { value: 'x'.repeat(101), label: 'too long to be a value' },
        { value: '', label: 'nothing' },
        ...Array.from({ length: 30 }, (_, index) => ({ value: `#${index}`, label: ' ' })),
      ];
    };
    const { choices } = await driver.autocomplete('cancel', { task: '1' }, { user: driver.ben });
    expect(asked).toEqual([['task', '1', expect.objectContaining({ externalId: driver.ben })]]);
    expect(choices).toHaveLength(25);
    expect(choices[0]?.value).toBe('#12');
    expect(choices[1]).toEqual({ name: '#0', value: '#0' });
  });

  it('stays uncompleted when that fails', async () => {
    const { driver } = discord.server;
    discord.host.complete = async () => {
      throw new Error('the database is away');
    };
    expect(await driver.autocomplete('task', { request: 'run' })).toEqual({ acknowledged: true, choices: [] });
  });
});

describe('words that do not name the bot', () => {
  it('are not heard without the intent, and that is said in a task’s thread, once', async () => {
    const { driver } = discord.server;
    const thread = await discord.asked();
    await discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now');
    driver.say(driver.channel('general'), driver.ben, 'lunch?');
    for (const words of ['hello?', 'it is me', 'hello!']) driver.say(thread.thread, driver.ben, words);
    const said = () =>
      driver.messages(thread.thread).filter((each) => driver.text(each).includes('does not see messages'));
    await driver.waitFor('the sentence', () => said().length > 0);
    await discord.restart();
    driver.say(thread.thread, driver.ben, 'is somebody there?');
    await discord.asked('and now by name');
    expect(said()).toHaveLength(1);
    const posts = discord.server.calls.of('POST /channels/{channel_id}/messages');
    expect(posts.filter(({ params }) => params.channel_id === thread.thread)).toHaveLength(2);
    expect((await discord.host.until(2)).map(({ text }) => text)).toEqual(['go', 'and now by name']);
  });

  it('are heard with the intent in a thread that is followed, and nowhere else', async () => {
    await discord.stop();
    discord = await startAdapter({ settings: { privilegedIntents: ['messageContent'] } }, { messageContent: true });
    const { driver } = discord.server;
    const thread = await discord.asked();
    await discord.adapter.create(thread, cardOf('One'), keyOf(1), 'now');
    const general = driver.channel('general');
    const plans = driver.startThread(general, driver.ben, 'plans').id;
    for (const elsewhere of [general, plans]) {
      driver.say(elsewhere, driver.ben, 'lunch?');
      await discord.asked('by name', elsewhere);
    }
    // What Discord says of a thread in somebody's name is none of his words.
    driver.rename(thread.thread, driver.ben, 'Holiday planning');
    const tabs = driver.say(thread.thread, driver.ben, 'use tabs');
    const file = driver.say(thread.thread, driver.ben, '', { files: [{ name: 'a.txt', content: 'abc' }] });
    await discord.asked('by name', thread.thread);
    const heard = (await discord.host.until(6)).map(({ text, addressed, files }) => [text, addressed, files.length]);
    expect(heard).toEqual([
      ['go', true, 0],
      ['by name', true, 0],
      ['by name', true, 0],
      ['use tabs', false, 0],
      ['', false, 1],
      ['by name', true, 0],
    ]);
    expect(driver.messages(thread.thread).some((each) => driver.text(each).includes('does not see'))).toBe(false);
    const amend = vi.spyOn(discord.host, 'amend');
    driver.purge([tabs, file]);
    await expect
      .poll(() => amend.mock.calls.map(([{ externalId, text }]) => [externalId, text]))
      .toEqual([
        [tabs.id, undefined],
        [file.id, undefined],
      ]);
  });
});
