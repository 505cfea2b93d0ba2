import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { launchBrowser, openPage } from './open.ts';

// Makes the README's picture from a running Commander: node tests/browser/take-picture.ts <its address> <file.png>
const [, , url = 'http://localhost:8300', file = 'docs/images/thread.png'] = process.argv;

async function say(text: string): Promise<string> {
  const response = await fetch(`${url}/api/chat/channels/general/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'commander-person': 'ana' },
    body: JSON.stringify({ text }),
  });
  const { message } = (await response.json()) as { message: { id: string } };
  return message.id;
}

await say('Morning. 1.2.0 is ready from my side.');
const thread = await say('@commander release 1.2.0');
const browser = await launchBrowser();
const { page, close } = await openPage(browser, url, { viewport: { width: 1360, height: 900 }, colorScheme: 'light' });
await page.context().addCookies([{ name: 'commander_person', value: 'ana', url }]);
await page.goto(`${url}/c/general/${thread}`);
await page.getByRole('button', { name: 'Approve' }).waitFor();
await page.getByRole('button', { name: 'Approve' }).scrollIntoViewIfNeeded();
await mkdir(dirname(file), { recursive: true });
await page.screenshot({ path: file });
await close();
await browser.close();
