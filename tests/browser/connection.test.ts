import { describe, expect, it } from 'vitest';
import { composer, messages, shows, unsent, useChat } from './chat.ts';
import { browserMissing } from './open.ts';

describe.skipIf(browserMissing())('a bad connection in the web chat', () => {
  const chat = useChat();

  it('says that it is lost, comes back by itself and catches up with what it missed', async () => {
    chat.expectErrors();
    const page = await chat.open('ana');
    await chat.say('bo', 'before');
    await shows(messages(page, 'channel'), 'before');
    chat.server.faults.down = true;
    chat.server.faults.cutStreams();
    await page.getByRole('status').filter({ hasText: 'Connection lost' }).waitFor();
    await chat.say('bo', 'meanwhile');
    chat.server.faults.down = false;
    await shows(messages(page, 'channel'), 'meanwhile');
    await page.getByText('Connection lost').waitFor({ state: 'detached' });
    expect(await messages(page, 'channel').count()).toBe(2);
  });

  it('keeps words that were not sent, says so, and sends them when the connection is back', async () => {
    chat.expectErrors();
    const page = await chat.open('ana');
    chat.server.faults.down = true;
    chat.server.faults.cutStreams();
    await composer(page, 'channel').fill('are you there?');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'Not sent.' }).waitFor();
    await shows(unsent(page), 'are you there?');
    chat.server.faults.down = false;
    await page.getByText('Not sent.').waitFor({ state: 'detached' });
    await shows(messages(page, 'channel'), 'are you there?');
    expect(await chat.stored()).toHaveLength(1);
  });

  it('keeps them through a reload, too', async () => {
    chat.expectErrors();
    const page = await chat.open('ana');
    chat.server.faults.down = true;
    await composer(page, 'channel').fill('do not lose me');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'Not sent.' }).waitFor();
    chat.server.faults.down = false;
    await page.reload();
    await shows(messages(page, 'channel'), 'do not lose me');
    await page.getByText('Not sent.').waitFor({ state: 'detached' });
    expect(await chat.stored()).toHaveLength(1);
  });

  it('sends a message once when the answer to the first attempt was lost', async () => {
    chat.expectErrors();
    const page = await chat.open('ana');
    chat.server.faults.loseAnswerOf = /messages$/;
    await composer(page, 'channel').fill('once only');
    await page.keyboard.press('Enter');
    await shows(messages(page, 'channel'), 'once only');
    await page.locator('.message.sending, .message.failed').first().waitFor({ state: 'detached' });
    expect(await messages(page, 'channel').count()).toBe(1);
    expect(await chat.stored()).toHaveLength(1);
  });

  it('lets words that cannot be sent go', async () => {
    chat.expectErrors();
    const page = await chat.open('ana');
    chat.server.faults.down = true;
    await composer(page, 'channel').fill('never mind');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Discard' }).click();
    await unsent(page).waitFor({ state: 'detached' });
  });

  it('says when a history could not be loaded, and loads it on demand', async () => {
    chat.expectErrors();
    const releases = await chat.store.addChannel('releases');
    await chat.say('bo', 'shipped', { channel: releases });
    const page = await chat.open('ana');
    chat.server.faults.down = true;
    await page.getByRole('link', { name: 'releases' }).click();
    await page.getByRole('alert').filter({ hasText: 'not answering' }).waitFor();
    chat.server.faults.down = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await shows(messages(page, 'channel'), 'shipped');
  });
});
