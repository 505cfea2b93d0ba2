import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { composer, messages, shows, useChat } from './chat.ts';
import { browserMissing } from './open.ts';

const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));

describe.skipIf(browserMissing())('the web chat by keyboard alone', () => {
  const chat = useChat();

  it('takes a name and then words, with no click in between', async () => {
    const page = await chat.open(undefined);
    await page.getByRole('dialog', { name: 'Welcome to Commander' }).waitFor();
    await page.keyboard.type('Ana');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('Message #general');
    await page.keyboard.type('hello');
    await page.keyboard.press('Enter');
    await shows(messages(page, 'channel'), 'hello');
    expect(await chat.stored()).toMatchObject([{ author: { name: 'Ana' }, text: 'hello' }]);
  });

  it('gives words that are typed while reading to the composer of what is read', async () => {
    const root = await chat.say('bo', 'first');
    await chat.say('bo', 'a reply', { root });
    const page = await chat.open('ana', { path: `/c/general/${root.id}` });
    await shows(messages(page, 'thread'), 'a reply');
    await page.getByText('a reply').click();
    await page.keyboard.type('to the thread');
    expect(await composer(page, 'thread').inputValue()).toBe('to the thread');
    await page.locator('.channel-pane').getByText('first').click();
    await page.keyboard.type('to the channel');
    expect(await composer(page, 'channel').inputValue()).toBe('to the channel');
  });

  it('writes into the thread at which a page was opened, however wide the page is', async () => {
    const root = await chat.say('bo', 'first');
    for (const width of [1280, 800]) {
      const path = `/c/general/${root.id}`;
      const page = await chat.open('ana', { path, viewport: { width, height: 700 } });
      await composer(page, 'thread').and(page.locator(':focus')).waitFor();
      await page.keyboard.type(`at ${width}`);
      expect(await composer(page, 'thread').inputValue()).toBe(`at ${width}`);
    }
  });

  it('goes through channels, panes and messages in the order of the page', async () => {
    const root = await chat.say('bo', 'first');
    await chat.say('bo', 'a reply', { root });
    const page = await chat.open('ana');
    expect(await focused(page)).toBe('Message #general');
    await page.getByRole('button', { name: 'New channel' }).focus();
    const order = [];
    for (let steps = 0; steps < 9; steps += 1) {
      await page.keyboard.press('Tab');
      order.push(
        await page.evaluate(
          () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim(),
        ),
      );
    }
    expect(order).toEqual([
      'general',
      'Inbox: what waits for people, in a new tab',
      'Library: what tasks made, in a new tab',
      expect.stringMatching(/ana/),
      'Jump to… Ctrl K',
      'Messages in general',
      expect.stringMatching(/1 reply/),
      'Reply in thread to bo',
      'Message #general',
    ]);
  });

  it('marks nothing as new that came while somebody looked at it', async () => {
    const root = await chat.say('bo', 'first');
    await chat.say('bo', 'a reply', { root });
    const page = await chat.open('ana', { path: `/c/general/${root.id}` });
    await shows(messages(page, 'thread'), 'a reply');
    await chat.say('bo', 'another', { root });
    await chat.say('bo', 'in the channel');
    await shows(messages(page, 'thread'), 'another');
    await shows(messages(page, 'channel'), 'in the channel');
    expect(await page.getByRole('separator', { name: 'New messages' }).count()).toBe(0);
  });
});
