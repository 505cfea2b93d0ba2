import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { composer, messages, shows, useChat } from './chat.ts';
import { report } from './example-cards.ts';
import { browserMissing } from './open.ts';

/** The smallest picture: one pixel. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Drags a file from the system over the channel and lets it go, as the browser itself is told of it. */
async function dragIn(page: Page, path: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await devtools.send('Input.dispatchDragEvent', { type, x: 600, y: 300, data });
    if (type === 'dragOver') await page.getByText('Drop to add to #general').waitFor();
  }
}

describe.skipIf(browserMissing())('files in the web chat', () => {
  const chat = useChat();

  /** Gives files to the page as a paste or a drop would. */
  async function hand(
    page: Page,
    how: 'paste' | 'drop',
    selector: string,
    files: Record<string, string>,
  ): Promise<void> {
    await page.locator(selector).evaluate(
      (element, { how, files }) => {
        const transfer = new DataTransfer();
        for (const [name, text] of Object.entries(files))
          transfer.items.add(new File([text], name, { type: 'text/plain' }));
        const options = { bubbles: true, cancelable: true };
        if (how === 'paste')
          element.dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: transfer }));
        else {
          element.dispatchEvent(new DragEvent('dragenter', { ...options, dataTransfer: transfer }));
          element.dispatchEvent(new DragEvent('drop', { ...options, dataTransfer: transfer }));
        }
      },
      { how, files },
    );
  }

  it('takes pasted and dropped files, lets one go again, and sends them with the words', async () => {
    const page = await chat.open('ana');
    await hand(page, 'paste', '.channel-pane textarea', { 'pasted.txt': 'hello' });
    await hand(page, 'drop', '.channel-pane .messages', { 'dropped.txt': 'there', 'wrong.txt': 'x' });
    await page.getByRole('button', { name: 'Remove wrong.txt' }).click();
    await page.getByRole('button', { name: 'Remove dropped.txt' }).waitFor();
    await composer(page, 'channel').fill('two files');
    await page.keyboard.press('Enter');
    await shows(messages(page, 'channel'), 'two files');
    await page.getByRole('button', { name: 'Preview dropped.txt' }).click();
    await page.getByLabel('Beginning of dropped.txt').getByText('there').waitFor();
    const [message] = await chat.stored();
    expect(message?.files.map(({ name, size }) => [name, size])).toEqual([
      ['pasted.txt', 5],
      ['dropped.txt', 5],
    ]);
  });

  it('takes files by button, by drag from outside the browser, and by the keys that paste', async () => {
    const page = await chat.open('ana', { permissions: ['clipboard-read', 'clipboard-write'] });
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Add files' }).click(),
    ]);
    await chooser.setFiles({ name: 'chosen.txt', mimeType: 'text/plain', buffer: Buffer.from('a') });
    await dragIn(page, fileURLToPath(import.meta.url));
    await page.evaluate(
      async (bytes) => {
        const picture = new Blob([new Uint8Array(bytes)], { type: 'image/png' });
        await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })]);
      },
      [...pixel],
    );
    await composer(page, 'channel').press('ControlOrMeta+v');
    for (const name of ['chosen.txt', 'files.test.ts', 'image.png'])
      await page.getByRole('button', { name: `Remove ${name}` }).waitFor();
    await page.locator('.send[aria-disabled=false]').click();
    await messages(page, 'channel').first().waitFor();
    expect((await chat.stored())[0]?.files.map(({ name, size }) => [name, size > 0])).toEqual([
      ['chosen.txt', true],
      ['files.test.ts', true],
      ['image.png', true],
    ]);
  });

  it('gives a file that is dropped over a thread to the thread', async () => {
    const root = await chat.say('ana', 'see here');
    const page = await chat.open('ana', { path: `/c/general/${root.id}` });
    await composer(page, 'thread').waitFor();
    await hand(page, 'drop', '.thread-pane .messages', { 'log.txt': 'x' });
    await page.locator('.thread-pane').getByRole('button', { name: 'Remove log.txt' }).waitFor();
    await composer(page, 'thread').press('Enter');
    await shows(messages(page, 'thread'), 'log.txt');
  });

  it('adds files by button, says what went wrong, and tries again', async () => {
    chat.expectErrors();
    const page = await chat.open('ana');
    chat.server.faults.down = true;
    await page
      .locator('.channel-pane input[type=file]')
      .setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') });
    await page.locator('.attachment .problem').getByText('not answering').waitFor();
    await composer(page, 'channel').fill('with a file');
    await page.keyboard.press('Enter');
    expect(await composer(page, 'channel').inputValue()).toBe('with a file');
    chat.server.faults.down = false;
    await page.getByRole('button', { name: 'Upload a.txt again' }).click();
    await page.getByRole('button', { name: 'Upload a.txt again' }).waitFor({ state: 'detached' });
    await page.locator('.send[aria-disabled=false]').click();
    await shows(messages(page, 'channel'), 'with a file');
    expect((await chat.stored())[0]?.files).toHaveLength(1);
  });

  it('shows pictures inline and large, and other outputs as lines to download', async () => {
    const picture = await chat.file('chart.png', 'image/png', pixel);
    const paper = await chat.file('report.pdf', 'application/pdf', new Uint8Array(1234));
    const root = await chat.say('ana', 'look', { files: [picture] });
    const output = { outputId: 'o1', name: 'report.pdf', mediaType: 'application/pdf', size: 1234, version: 2 };
    const card = report([{ ...output, href: `/api/chat/files/${paper.id}/report.pdf` }]);
    await chat.post(root, card);
    const page = await chat.open('ana', { path: `/c/general/${root.id}` });
    await page.getByText('PDF · 1.2 kB · version 2').waitFor();
    const opened = page.getByRole('link', { name: 'Open report.pdf' });
    expect([await opened.getAttribute('target'), await opened.getAttribute('rel')]).toEqual([
      '_blank',
      'noopener noreferrer',
    ]);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download report.pdf' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('report.pdf');

    const open = page.locator('.channel-pane').getByRole('button', { name: 'Open chart.png' });
    await open.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'chart.png' }).getByRole('img').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await open.evaluate((button) => button === document.activeElement)).toBe(true);
  });

  it('draws a drawing as a picture, in which no script runs', async () => {
    const drawing =
      '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" onload="top.hacked=1"><script>top.hacked=1</script><rect width="40" height="20"/></svg>';
    const file = await chat.file('plan.svg', 'image/svg+xml', new TextEncoder().encode(drawing));
    await chat.say('bo', 'look', { files: [file] });
    const page = await chat.open('ana');
    const picture = page.getByRole('button', { name: 'Open plan.svg' }).getByRole('img');
    await picture.waitFor();
    const drawn = picture.evaluate(async (image: HTMLImageElement) => {
      await image.decode();
      return [image.naturalWidth, 'hacked' in window];
    });
    expect(await drawn).toEqual([40, false]);
  });

  it('draws a page as a page that runs, loads and sends nothing, with its source beside it', async () => {
    const hostile = `<style>p { color: rgb(0, 128, 0) }</style><p>Harvest</p><script>top.hacked = 1; document.title = 'ran'</script>
<img src="/api/chat/me" onerror="top.hacked = 1"><meta http-equiv="refresh" content="0;url=/c/general"><iframe src="/"></iframe>
<form action="/api/chat/me" method="post"><button>Send</button></form><a href="/c/general" target="_top">Leave</a>`;
    const file = await chat.file('harvest.html', 'text/html', new TextEncoder().encode(hostile));
    await chat.say('bo', 'look', { files: [file] });
    chat.expectErrors();
    const page = await chat.open('ana');
    await page.getByRole('button', { name: 'Preview harvest.html' }).click();
    const frame = page.frameLocator('iframe[title="harvest.html"]');
    const color = await frame.getByText('Harvest').evaluate((text) => getComputedStyle(text).color);
    expect(color).toBe('rgb(0, 128, 0)');
    await frame.getByRole('button', { name: 'Send' }).click();
    await frame.getByRole('link', { name: 'Leave' }).click();
    expect(await page.evaluate(() => [location.pathname, 'hacked' in window])).toEqual(['/c/general', false]);
    expect(await frame.locator('body').evaluate(() => [origin, document.title])).toEqual(['null', '']);
    await page.getByRole('button', { name: 'Source' }).click();
    await page.getByLabel('Beginning of harvest.html').getByText('top.hacked = 1').first().waitFor();
    expect(await page.locator('iframe').count()).toBe(0);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download harvest.html' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('harvest.html');
  });
});
