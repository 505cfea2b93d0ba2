import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Modal } from '#core/chat/modal.ts';
import { barriers, sizes } from './axe.ts';
import { composer, messages, shows, useChat } from './chat.ts';
import { approval, failed, report, running, understanding } from './example-cards.ts';
import { browserMissing } from './open.ts';

/** Every kind of field. */
const form: Modal = {
  id: 'refine:a1',
  title: 'What should be different?',
  intro: ['The task goes on with what you write here.'],
  submit: 'Send it',
  fields: [
    { kind: 'text', name: 'words', label: 'Your words', hint: 'A sentence is enough', multiline: true },
    { kind: 'select', name: 'when', label: 'When', options: [{ value: 'now', label: 'At once' }] },
    { kind: 'checkboxes', name: 'files', label: 'Only these', values: [], options: [{ value: 'a', label: 'a.md' }] },
    { kind: 'file', name: 'more', label: 'Files', optional: true },
  ],
};

const bytes = (text: string) => new TextEncoder().encode(text);
const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>';

describe.skipIf(browserMissing())('the web chat has no barriers', () => {
  const chat = useChat();

  /** A channel with files, and a thread with every card, one of each kind of file among them. */
  async function conversation() {
    const picture = await chat.file('plan.svg', 'image/svg+xml', bytes(drawing));
    const page = await chat.file('harvest.html', 'text/html', bytes('<p>Harvest</p>'));
    const notes = await chat.file('notes.md', 'text/markdown', bytes('# Notes\nAll is well.\n'));
    const root = await chat.say('ana', '@commander release 1.2.0', { files: [picture, page, notes] });
    await chat.say('bo', 'See https://example.org and `npm test`.\n```\ncode\n```');
    const output = { outputId: 'o1', name: 'report.pdf', mediaType: 'application/pdf', size: 1234, version: 2 };
    const files = [{ ...output, href: `/api/chat/files/${page.id}/report.pdf` }];
    for (const card of [understanding, running(new Date().toISOString()), approval, report(files), failed])
      await chat.post(root, card);
    return root;
  }

  /** Every state of the page that a person can bring about, one after the other. */
  async function* walk(page: Page, thread: string): AsyncGenerator<string> {
    yield 'a thread';
    await page.getByRole('button', { name: 'Refine…' }).click();
    await page.getByRole('dialog', { name: form.title }).waitFor();
    yield 'a form';
    await page.getByRole('button', { name: 'Send it' }).click();
    await page.getByText('Please fill in “Your words”.').waitFor();
    yield 'a form with a problem';
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByRole('alertdialog').waitFor();
    yield 'a question before a press';
    await page.keyboard.press('Escape');
    await page.goto(new URL('/c/general', page.url()).href);
    await shows(messages(page, 'channel'), 'See');
    yield 'a channel';
    await page.getByRole('button', { name: 'Preview harvest.html' }).click();
    await page.getByRole('button', { name: 'Preview notes.md' }).click();
    await page.getByLabel('Beginning of notes.md').getByText('All is well').waitFor();
    yield 'previews';
    await page.getByRole('button', { name: 'Open plan.svg' }).click();
    await page.getByRole('dialog', { name: 'plan.svg' }).getByRole('img').waitFor();
    yield 'a large picture';
    await page.keyboard.press('Escape');
    await composer(page, 'channel').fill('@');
    await page.getByRole('option').first().waitFor();
    yield 'suggestions';
    await composer(page, 'channel').fill('');
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('dialog').waitFor();
    yield 'the way to other places';
    await page.keyboard.press('Escape');
    const menu = page.getByRole('button', { name: 'Channels' });
    if (await menu.isVisible()) await menu.tap();
    yield 'the channels';
    await page.getByRole('button', { name: 'New channel' }).click();
    await page.getByRole('dialog').waitFor();
    yield 'a new channel';
    await page.goto(new URL(`/c/nowhere/${thread}`, page.url()).href);
    await page.getByText('There is no such channel').first().waitFor();
    yield 'a place that is not there';
  }

  it.each(sizes)('on %s', async (_, size) => {
    const { id } = await conversation();
    chat.server.bot.press = () => ({ kind: 'modal', modal: form });
    const page = await chat.open('ana', { path: `/c/general/${id}`, ...size });
    await shows(messages(page, 'thread'), 'Failed');
    const found: [string, readonly string[]][] = [];
    for await (const state of walk(page, id)) found.push([state, await barriers(page)]);
    expect(found.filter(([, all]) => all.length > 0)).toEqual([]);
    expect(found).toHaveLength(12);
  });

  it('at the first visit, and where nothing was said yet', async () => {
    for (const [, size] of sizes) {
      const page = await chat.open(undefined, size);
      await page.getByRole('dialog', { name: 'Welcome to Commander' }).waitFor();
      expect(await barriers(page)).toEqual([]);
      const known = await chat.open('ana', size);
      await composer(known, 'channel').waitFor();
      expect(await barriers(known)).toEqual([]);
    }
  });

  it('tells what comes in to those who do not see it, and once', async () => {
    const root = await chat.say('bo', 'first');
    const page = await chat.open('ana', { path: `/c/general/${root.id}` });
    await page.getByText('No replies yet').waitFor();
    await chat.say('bo', 'a reply', { root });
    await chat.post(root, approval);
    const live = page.locator('#announcer');
    expect(await live.getAttribute('aria-live')).toBe('polite');
    await live.getByText(approval.summary).waitFor({ state: 'attached' });
    expect(await live.locator('p').allTextContents()).toEqual([
      'bo: a reply',
      expect.stringContaining(approval.summary),
    ]);
  });

  it('leaves what is in front with Esc, and gives the focus back to where it came from', async () => {
    const root = await chat.say('bo', 'first');
    await chat.say('bo', 'a reply', { root });
    const page = await chat.open('ana');
    const opener = page.getByRole('button', { name: /1 reply/ });
    const hasFocus = () => opener.evaluate((button) => button === document.activeElement);
    await opener.focus();
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await hasFocus()).toBe(true);
    await page.keyboard.press('Enter');
    await composer(page, 'thread').waitFor();
    await page.keyboard.press('F6');
    await page.keyboard.press('Escape');
    await composer(page, 'thread').waitFor({ state: 'detached' });
    expect(await hasFocus()).toBe(true);
  });
});
