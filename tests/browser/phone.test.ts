import { describe, expect, it } from 'vitest';
import { composer, messages, shows, useChat } from './chat.ts';
import { approval, report, running, understanding } from './example-cards.ts';
import { browserMissing } from './open.ts';

const phone = { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true };

describe.skipIf(browserMissing())('the web chat on a phone', () => {
  const chat = useChat();

  it('shows every card within its width, and a thread as a sheet with a way back', async () => {
    const root = await chat.say('ana', '@commander release 1.2.0');
    for (const card of [understanding, running(new Date().toISOString()), approval, report([])]) {
      await chat.post(root, card);
    }
    const page = await chat.open('ana', phone);
    await page.getByRole('button', { name: /4 replies/ }).tap();
    await shows(messages(page, 'thread'), 'Completed');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const tooWide = await page
      .locator('.card *')
      .evaluateAll((all) =>
        all
          .filter(
            (one) => one.closest('pre, .path, .unseen') === null && one.getBoundingClientRect().right > innerWidth,
          )
          .map((one) => one.outerHTML.slice(0, 80)),
      );
    expect(tooWide).toEqual([]);
    expect(await composer(page, 'channel').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Back to general' }).tap();
    await composer(page, 'channel').waitFor();
    await composer(page, 'thread').waitFor({ state: 'detached' });
  });

  it('has the channels behind a button', async () => {
    await chat.store.addChannel('releases');
    const page = await chat.open('ana', phone);
    expect(await page.getByRole('link', { name: 'releases' }).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Channels' }).tap();
    await page.getByRole('link', { name: 'releases' }).tap();
    await page.getByRole('textbox', { name: 'Message #releases' }).waitFor();
    expect(await page.getByRole('link', { name: 'releases' }).isVisible()).toBe(false);
  });

  it('makes a line with the Enter of a phone and sends by button', async () => {
    const page = await chat.open('ana', phone);
    await composer(page, 'channel').fill('one');
    await page.keyboard.press('Enter');
    await page.keyboard.type('two');
    await page.getByRole('button', { name: 'Send' }).tap();
    await messages(page, 'channel').first().waitFor();
    expect((await chat.stored()).map(({ text }) => text)).toEqual(['one\ntwo']);
  });
});
