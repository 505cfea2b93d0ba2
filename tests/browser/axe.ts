import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What is looked for: the rules of WCAG 2.2, levels A and AA. */
const everything = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] } as const;

/** What light and dark differ in. */
const colours = { type: 'rule', values: ['color-contrast'] } as const;

/**
 * What keeps people with a disability from using the page as it is now, in light and in dark: axe's findings of serious and
 * critical impact, a line each. What a task made stands in frames of its own and is not looked at.
 */
export async function barriers(page: Page): Promise<readonly string[]> {
  // Evaluated by the browser's own tools: the page's policy lets in no foreign script.
  await page.evaluate(axe.source);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await findings(page, colours);
  await page.emulateMedia({ colorScheme: 'light' });
  return [...(await findings(page, everything)), ...dark.map((each) => `in dark, ${each}`)];
}

function findings(page: Page, runOnly: typeof everything | typeof colours): Promise<readonly string[]> {
  return page.evaluate(async ({ type, values }) => {
    const { axe: tool } = globalThis as unknown as { axe: typeof axe };
    const { violations } = await tool.run({
      runOnly: { type, values: [...values] },
      iframes: false,
      preload: false,
      resultTypes: ['violations'],
    });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
      );
  }, runOnly);
}

/** The sizes that a page is met in. */
export const sizes = [
  ['a desktop', { viewport: { width: 1280, height: 800 } }],
  ['a phone', { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true }],
] as const;
