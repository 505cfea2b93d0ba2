import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { PostId } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { composer, shows, useChat } from './chat.ts';
import { approval, failed, report, running, understanding } from './example-cards.ts';
import { browserMissing } from './open.ts';

describe.skipIf(browserMissing())('cards in the web chat', () => {
  const chat = useChat();

  /** A thread with one card, open in a page. */
  async function withCard(card: Card): Promise<{ page: Page; post: PostId }> {
    const root = await chat.say('ana', '@commander release 1.2.0');
    const post = await chat.post(root, card);
    const page = await chat.open('ana', { path: `/c/general/${root.id}` });
    await page.getByRole('article', { name: card.summary }).waitFor();
    return { page, post };
  }

  /** Goes on with Tab until the button has the focus. */
  async function tabTo(page: Page, name: string): Promise<void> {
    for (let steps = 0; steps < 60; steps += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => document.activeElement?.textContent?.trim());
      if (focused === name) return;
    }
    throw new Error(`Tab never reached “${name}”.`);
  }

  it('draws every kind of block, with words for what colours and signs say', async () => {
    const { page } = await withCard(understanding);
    const card = page.getByRole('article', { name: understanding.summary });
    expect(await card.getByRole('term').allTextContents()).toEqual(['Task', 'Version', 'Runs as', 'Changes']);
    expect(await card.locator('.quote').innerText()).toContain('release 1.2.0');

    const second = await withCard(running(new Date().toISOString()));
    const steps = second.page.locator('.card-plan li');
    expect(await steps.nth(0).textContent()).toMatch(/Run the tests.*, done.*took 4 s/s);
    expect(await steps.nth(1).getAttribute('aria-current')).toBe('step');

    const third = await withCard(approval);
    await third.page.getByRole('img', { name: '24 lines added' }).waitFor();
    expect(await third.page.locator('.changes-more').textContent()).toBe('and 2 more files');
    expect(await third.page.getByRole('link', { name: 'Diff' }).getAttribute('rel')).toBe('noopener noreferrer');
  });

  it('follows edits in place and says a new state to screen readers', async () => {
    const { page, post } = await withCard(running(new Date().toISOString()));
    await chat.edit(post, failed);
    await page.getByRole('heading', { name: /Failed$/ }).waitFor();
    await page.locator('#announcer').getByText(failed.summary).waitFor({ state: 'attached' });
    expect(await page.locator('.thread-pane .card').count()).toBe(1);
  });

  it('approves by keyboard: busy while it is under way, then the focus stays in the card', async () => {
    const { page, post } = await withCard(approval);
    let answer = (): void => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const pressed: string[] = [];
    chat.server.bot.press = async (action) => {
      pressed.push(action);
      await held;
      return { kind: 'done' };
    };
    await tabTo(page, 'Approve');
    await page.keyboard.press('Enter');
    await page.locator('button[aria-busy=true]').waitFor();
    await page.keyboard.press('Enter');
    answer();
    const approved = { ...report([]), key: 'approval:a1' };
    await chat.edit(post, approved);
    await page.getByRole('heading', { name: /^Completed/ }).waitFor();
    expect(pressed).toEqual(['approve:a1']);
    expect(await page.evaluate(() => document.activeElement?.closest('.card') !== null)).toBe(true);
  });

  it('asks before a press that says so, and gives the focus back', async () => {
    const { page } = await withCard(approval);
    const pressed: string[] = [];
    chat.server.bot.press = (action) => {
      pressed.push(action);
      return { kind: 'notice', tone: 'warning', text: 'Bo approved this two minutes ago.' };
    };
    await tabTo(page, 'Deny');
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog', { name: 'Deny this release?' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Go back');
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Deny');
    expect(pressed).toEqual([]);
    expect(await composer(page, 'thread').isVisible()).toBe(true);

    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'Bo approved this two minutes ago.' }).waitFor();
    expect(pressed).toEqual(['deny:a1']);
  });

  it('fills in a form by keyboard, shows problems at their fields, and keeps what was written', async () => {
    const { page } = await withCard(approval);
    chat.server.bot.press = () => ({
      kind: 'modal',
      modal: {
        id: 'refine:a1',
        title: 'What should be different?',
        intro: ['The task goes on with what you write here.'],
        submit: 'Send it',
        fields: [
          { kind: 'text', name: 'version', label: 'Version', value: '1.2.0' },
          { kind: 'text', name: 'words', label: 'Your words', multiline: true },
          {
            kind: 'select',
            name: 'when',
            label: 'When',
            value: 'later',
            options: [
              { value: 'now', label: 'At once' },
              { value: 'later', label: 'After this step' },
            ],
          },
          {
            kind: 'checkboxes',
            name: 'files',
            label: 'Only these files',
            values: ['a.md'],
            options: [
              { value: 'a.md', label: 'a.md' },
              { value: 'b.md', label: 'b.md' },
            ],
          },
        ],
      },
    });
    const sent: Record<string, string>[] = [];
    chat.server.bot.submit = (_modal, values) => {
      sent.push(values);
      return sent.length === 1
        ? { kind: 'problems', problems: { words: 'Say a little more.' } }
        : { kind: 'notice', tone: 'success', text: 'The task goes on with your words.' };
    };
    await tabTo(page, 'Refine…');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'What should be different?' }).waitFor();
    await page.keyboard.type('1.3.0');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    await tabTo(page, 'Send it');
    await page.keyboard.press('Enter');
    await page.getByText('Please fill in “Your words”.').waitFor();
    expect(sent).toEqual([]);

    await page.keyboard.type('shorter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await tabTo(page, 'Send it');
    await page.keyboard.press('Enter');
    await page.getByText('Say a little more.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true');
    await page.keyboard.press('End');
    await page.keyboard.type(', please');
    await tabTo(page, 'Send it');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await shows(page.getByRole('status'), 'The task goes on with your words.');
    expect(sent.at(-1)).toEqual({ version: '1.3.0', words: 'shorter, please', when: 'now', files: 'a.md\nb.md' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Refine…');
  });

  it('says when a press did not arrive', async () => {
    chat.expectErrors();
    const { page } = await withCard(approval);
    chat.server.faults.down = true;
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'not answering' }).waitFor();
    expect(await page.getByRole('button', { name: 'Approve', exact: true }).getAttribute('aria-disabled')).toBe(
      'false',
    );
  });
});
