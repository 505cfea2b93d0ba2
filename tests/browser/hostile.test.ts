import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Card } from '#core/chat/card.ts';
import { composer, messages, shows, useChat } from './chat.ts';
import { browserMissing } from './open.ts';

const attack =
  '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><a href="javascript:window.hacked=1">x</a>';

const hostileCard: Card = {
  key: 'status',
  tone: 'progress',
  title: [attack],
  summary: attack,
  blocks: [
    {
      kind: 'text',
      text: [
        { kind: 'bold', text: attack },
        { kind: 'link', text: 'press me', href: 'javascript:window.hacked=1' },
      ],
    },
    {
      kind: 'text',
      text: [
        { kind: 'link', text: 'elsewhere', href: '//evil.example' },
        { kind: 'link', text: 'too', href: '/\\evil.example' },
      ],
    },
    { kind: 'fields', fields: [{ label: attack, value: [attack] }] },
    { kind: 'plan', steps: [{ state: 'done', title: attack, detail: [attack] }] },
    { kind: 'actions', actions: [{ at: attack, text: [attack] }] },
    { kind: 'list', items: [[attack]] },
    { kind: 'code', label: attack, text: attack },
    { kind: 'quote', from: attack, text: attack },
    { kind: 'changes', files: [{ path: attack, status: 'added', added: 1, removed: 0 }], more: 0 },
    {
      kind: 'context',
      text: [
        { kind: 'person', memberId: 'm', name: attack },
        { kind: 'time', at: attack },
      ],
    },
    {
      kind: 'files',
      files: [
        { outputId: 'o', name: attack, mediaType: attack, size: 1, version: 1, href: 'javascript:window.hacked=1' },
      ],
    },
    {
      kind: 'buttons',
      buttons: [
        { label: attack, action: attack, confirm: { title: attack, text: attack, yes: attack } },
        { label: 'lead', href: 'javascript:window.hacked=1' },
      ],
    },
  ],
};

describe.skipIf(browserMissing())('hostile text in the web chat', () => {
  const chat = useChat();

  /** Nothing of the attack became an element, and nothing ran. */
  async function isHarmless(page: Page): Promise<void> {
    expect(
      await page.locator('img[src="x"], .pane script, [onerror], a[href^="javascript"], a[href*="evil"]').count(),
    ).toBe(0);
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  }

  it('stays text in messages, names, file names and channels', async () => {
    const file = await chat.file(attack, 'text/html', new TextEncoder().encode(attack));
    await chat.say(attack.slice(0, 60), `${attack} javascript:window.hacked=1`, { files: [file] });
    const page = await chat.open('ana');
    await shows(messages(page, 'channel'), attack);
    await composer(page, 'channel').fill(attack);
    await page.keyboard.press('Enter');
    await messages(page, 'channel').nth(1).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type(attack);
    await isHarmless(page);
  });

  it('stays text in every part of a card, its questions, notices and forms', async () => {
    const { bot } = chat.server;
    const root = await chat.say('ana', '@commander x');
    await chat.post(root, hostileCard);
    bot.press = () => ({
      kind: 'modal',
      modal: {
        id: attack,
        title: attack,
        intro: [attack],
        submit: attack,
        fields: [
          { kind: 'text', name: attack, label: attack, hint: attack, value: attack },
          { kind: 'select', name: 'a', label: attack, options: [{ value: attack, label: attack }] },
          { kind: 'checkboxes', name: 'b', label: attack, options: [{ value: attack, label: attack }], values: [] },
        ],
      },
    });
    bot.submit = () => ({ kind: 'notice', tone: 'danger', text: attack });
    const page = await chat.open('ana', { path: `/c/general/${root.id}` });
    await page.getByRole('heading', { name: attack }).waitFor();
    await page.locator('.card-buttons button').click();
    await page.locator('dialog .button').last().click();
    await page.locator('dialog form').waitFor();
    await isHarmless(page);
    await page.locator('dialog button[type=submit]').click();
    await page.locator('.notice').getByText(attack).waitFor();
    await page.locator('.card').getByText('press me').click();
    await isHarmless(page);
    expect(new URL(page.url()).pathname).toBe(`/c/general/${root.id}`);
  });

  it('links only http and https in messages, away from this page', async () => {
    await chat.say('bo', 'see https://example.org/a?b=1, not ftp://example.org');
    const page = await chat.open('ana');
    const link = page.locator('.words a');
    await link.waitFor();
    expect(
      await link.evaluateAll((all) =>
        all.map((one) => [one.getAttribute('href'), one.getAttribute('rel'), one.getAttribute('target')]),
      ),
    ).toEqual([['https://example.org/a?b=1', 'noopener noreferrer', '_blank']]);
  });

  it('is not broken by very long words, odd scripts and many lines', async () => {
    await chat.say('x'.repeat(60), 'W'.repeat(4000));
    await chat.say('שלום', '\u202eevil\u202c مرحبا 👩‍👩‍👧‍👦');
    await chat.say('bo', `\`\`\`\n${'y'.repeat(3000)}\n\`\`\``);
    const page = await chat.open('ana', { viewport: { width: 360, height: 640 } });
    await shows(messages(page, 'channel'), 'مرحبا');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await page.locator('.messages').evaluate((list) => list.scrollWidth <= list.clientWidth)).toBe(true);
  });
});
