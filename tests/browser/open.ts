import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { skipsWithout } from '#tests/missing.ts';

/**
 * Where Debian's packages put them. The first is Chromium without windows: the same engine, at half the processor time of the
 * whole browser (measured: 13 s instead of 27 s for the tests of messages).
 */
const places = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'] as const;
const chromiumPath = places.find((path) => existsSync(path));

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Whether tests in a browser are skipped, for there is none. */
export function browserMissing(): boolean {
  const advice = 'Install one with: apt-get install --yes chromium-headless-shell';
  return skipsWithout(places.join(' and no '), chromiumPath !== undefined, advice);
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath, args: flags });
}

/** A page in a browser profile of its own, and all that went wrong in it: scripts that threw, refused loads, policy violations. */
export interface OpenPage {
  readonly page: Page;
  readonly wrong: string[];
  close(): Promise<void>;
}

export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (line) => {
    if (line.type() === 'error') wrong.push(line.text());
  });
  await page.goto(url);
  return { page, wrong, close: () => context.close() };
}
