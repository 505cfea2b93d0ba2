import { expect, it } from 'vitest';
import { dark, light } from './palette.ts';
import { themeCss } from './theme.ts';

it('gives every colour for light first, and again for dark within its media query', () => {
  const [bright = '', dim = ''] = themeCss.split('@media (prefers-color-scheme: dark)');
  expect(bright).toContain(`--on-action: ${light.onAction};`);
  expect(bright).toContain(`--text: ${light.text};`);
  expect(dim).toContain(`--text: ${dark.text};`);
});

it('stops motion for people who ask for that', () => {
  expect(themeCss.split('prefers-reduced-motion: reduce')[1]).toContain('--quick: 0ms');
});

it('loads nothing from anywhere', () => {
  expect(themeCss).not.toMatch(/url\(|@import|https?:/);
});
