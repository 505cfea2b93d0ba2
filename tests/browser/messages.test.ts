import { describe, expect, it } from 'vitest';
import { composer, messages, shows, useChat } from './chat.ts';
import { running } from './example-cards.ts';
import { browserMissing } from './open.ts';

describe.skipIf(browserMissing())('messages in the web chat', () => {
  const chat = useChat();

  it('asks for a name at the first visit, with one click, and then shows what to try', async () => {
    const page = await chat.open(undefined);
    const name = page.getByRole('dialog', { name: 'Welcome to Commander' }).getByLabel('Name');
    expect(await name.inputValue()).toBe('you');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await name.waitFor();
    await page.getByRole('button', { name: 'Start chatting' }).click();
    await page.getByRole('button', { name: /@commander run the tests/ }).click();
    expect(await composer(page, 'channel').inputValue()).toBe('@commander run the tests');
    await page.keyboard.press('Enter');
    await shows(messages(page, 'channel'), '@commander run the tests');
    expect((await chat.stored()).map(({ author }) => author)).toMatchObject([{ name: 'you' }]);
  });

  it('sends with Enter, makes lines with Shift+Enter, and shows each message once', async () => {
    const page = await chat.open('ana');
    await composer(page, 'channel').fill('first line');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('second *line* with `code`');
    await page.keyboard.press('Enter');
    await shows(messages(page, 'channel'), 'second line with code');
    await composer(page, 'channel').fill('again');
    await page.keyboard.press('Enter');
    await shows(messages(page, 'channel'), 'again');
    expect(await messages(page, 'channel').count()).toBe(2);
    expect(await composer(page, 'channel').inputValue()).toBe('');
    expect(await page.locator('.words strong').textContent()).toBe('line');
    expect((await chat.stored())[0]?.text).toBe('first line\nsecond *line* with `code`');
  });

  it('shows what others write without reload, says it to screen readers, and marks it unread elsewhere', async () => {
    const releases = await chat.store.addChannel('releases');
    const page = await chat.open('ana');
    await chat.say('bo', 'hello ana');
    await shows(messages(page, 'channel'), 'hello ana');
    await page.locator('#announcer').getByText('bo: hello ana').waitFor({ state: 'attached' });
    expect(await page.title()).toBe('#general · Commander');

    await chat.say('bo', 'shipped', { channel: releases });
    const link = page.getByRole('link', { name: 'releases , unread' });
    await link.waitFor();
    expect(await page.title()).toBe('• #general · Commander');
    await link.click();
    await shows(messages(page, 'channel'), 'shipped');
    await page.getByRole('separator', { name: 'New messages' }).waitFor();
    await page.getByRole('link', { name: 'releases', exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/c/releases');
  });

  it('opens the thread of a mention by itself, replies there, and shows its state in the channel', async () => {
    const page = await chat.open('ana');
    await composer(page, 'channel').fill('@commander release 1.2.0');
    await page.keyboard.press('Enter');
    await composer(page, 'thread').waitFor();
    const [root] = await chat.stored();
    if (root === undefined) throw new Error('The message was not stored.');
    expect(new URL(page.url()).pathname).toBe(`/c/general/${root.id}`);
    await chat.post(root, running(new Date().toISOString()));
    await page.getByRole('button', { name: /1 reply Running just now/ }).waitFor();
    await composer(page, 'thread').fill('and hurry');
    await page.keyboard.press('Enter');
    await shows(messages(page, 'thread'), 'and hurry');
    await page.getByRole('button', { name: /2 replies Running/ }).waitFor();
    expect(await chat.stored()).toHaveLength(3);

    await page.keyboard.press('Escape');
    await composer(page, 'thread').waitFor({ state: 'detached' });
    await chat.say('bo', 'nice', { root });
    await page.getByRole('button', { name: /Unread: 3 replies/ }).click();
    await shows(messages(page, 'thread'), 'nice');
    await page.getByRole('button', { name: /^3 replies/ }).waitFor();
  });

  it('counts elapsed time by itself', async () => {
    const root = await chat.say('ana', '@commander slow');
    await chat.post(root, running(new Date().toISOString()));
    const page = await chat.open('ana', { path: `/c/general/${root.id}` });
    const clock = page.getByRole('timer').first();
    await clock.waitFor();
    await page.waitForFunction(() => /^[3-9] s$/.test(document.querySelector('.elapsed')?.textContent ?? ''));
  });

  it('tells until when a thread waits on the clock of the reader', async () => {
    const root = await chat.say('ana', '@commander fix it');
    const until = { kind: 'time', at: '2031-05-03T22:00:00.000Z' } as const;
    const title = ['#7 Fix · ', { kind: 'bold', text: 'Waiting: quota until ' } as const, until];
    const explain = { kind: 'buttons', buttons: [{ label: 'Explain', action: 'explain:t1' }] } as const;
    await chat.post(root, { key: 'status:1', tone: 'waiting', title, summary: 'It waits.', blocks: [explain] });
    const modal = {
      id: 'explain',
      title: 'Why',
      intro: ['Due.'],
      introPieces: [['Due ', until]],
      submit: 'Close',
      fields: [],
    };
    chat.server.bot.press = () => ({ kind: 'modal', modal });
    const page = await chat.open('ana', { timezoneId: 'Asia/Tokyo' });
    await page.getByRole('button', { name: /1 reply Waiting: quota until 4 May 2031, 07:00/ }).click();
    await page.getByRole('heading', { name: 'Waiting: quota until 4 May 2031, 07:00' }).waitFor();
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByRole('dialog').getByText('Due 4 May 2031, 07:00').waitFor();
  });

  it('completes people and commands by keyboard, and never in place of what was typed', async () => {
    await chat.store.person('Bo');
    chat.server.bot.suggest = (words) =>
      ['release', 'report']
        .filter((name) => name.startsWith(words))
        .map((name) => ({ insert: name, label: name, detail: 'a runbook' }));
    const page = await chat.open('ana');
    const area = composer(page, 'channel');
    await area.pressSequentially('hi @b');
    await page.getByRole('option', { name: '@Bo' }).waitFor();
    await page.keyboard.press('Enter');
    expect(await area.inputValue()).toBe('hi @Bo ');

    await area.fill('');
    await area.pressSequentially('@comm');
    await page.getByRole('option', { name: /@commander/ }).waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('option', { name: /release/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.locator('[role=option][aria-selected=true]', { hasText: 'report' }).waitFor();
    await page.keyboard.press('Enter');
    expect(await area.inputValue()).toBe('@commander report');

    await area.fill('');
    await area.pressSequentially('@commander re');
    await page.getByRole('option', { name: /release/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('option').first().waitFor({ state: 'detached' });
    await area.pressSequentially('p');
    await page.getByRole('option', { name: /report/ }).waitFor();
    await page.keyboard.press('Enter');
    await shows(messages(page, 'channel'), '@commander rep');
  });

  it('keeps a draft for each channel through a reload', async () => {
    await chat.store.addChannel('releases');
    const page = await chat.open('ana');
    await composer(page, 'channel').fill('half a thought');
    await page.getByRole('link', { name: 'releases' }).click();
    await page.getByRole('textbox', { name: 'Message #releases' }).waitFor();
    expect(await composer(page, 'channel').inputValue()).toBe('');
    await page.getByRole('link', { name: 'general' }).click();
    await page.getByRole('textbox', { name: 'Message #general' }).waitFor();
    await page.reload();
    await composer(page, 'channel').waitFor();
    expect(await composer(page, 'channel').inputValue()).toBe('half a thought');
  });

  it('jumps by keyboard to channels and threads', async () => {
    await chat.store.addChannel('releases');
    const root = await chat.say('bo', '@commander run the tests');
    await chat.say('bo', 'please', { root });
    const page = await chat.open('ana');
    await shows(messages(page, 'channel'), 'run the tests');
    await page.getByRole('link', { name: 'general' }).focus();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('tests');
    await page.keyboard.press('Enter');
    await shows(messages(page, 'thread'), 'please');
    await page.keyboard.type('thanks');
    expect(await composer(page, 'thread').inputValue()).toBe('thanks');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('rel');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Message #releases' }).waitFor();
    await page.goBack();
    await shows(messages(page, 'thread'), 'please');
  });

  it('makes a channel', async () => {
    const page = await chat.open('ana');
    await page.getByRole('button', { name: 'New channel' }).click();
    await page.keyboard.type('Web Shop');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Welcome to #web-shop' }).waitFor();
    expect((await chat.store.channels()).map(({ name }) => name)).toContain('web-shop');
  });

  it('loads older messages at the top and stays where the reader is', async () => {
    for (let index = 0; index < 120; index += 1) {
      await chat.say('bo', `message ${index}.`);
    }
    const page = await chat.open('ana');
    await shows(messages(page, 'channel'), 'message 119.');
    expect(await messages(page, 'channel').filter({ hasText: 'message 60.' }).count()).toBe(0);
    const seventy = messages(page, 'channel').filter({ hasText: 'message 70.' });
    await seventy.evaluate((line) => line.scrollIntoView());
    await messages(page, 'channel').filter({ hasText: 'message 20.' }).waitFor();
    const top = await seventy.evaluate((line) => line.getBoundingClientRect().top);
    expect(Math.abs(top - 54)).toBeLessThan(60);
    await page.locator('.messages').evaluate((list) => list.scrollTo(0, 0));
    await page.getByText('This is the beginning of').waitFor();
    expect(await messages(page, 'channel').count()).toBe(120);

    await chat.say('bo', 'one more');
    await page.getByText('New messages', { exact: true }).click();
    await page.waitForFunction(() => {
      const list = document.querySelector('.messages');
      return list !== null && list.scrollHeight - list.clientHeight - list.scrollTop < 2;
    });
  });
});
