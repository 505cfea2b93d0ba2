import { describe, expect, it } from 'vitest';
import { dark, light, type Palette } from './palette.ts';

const texts = ['text', 'soft', 'faint', 'accent', 'progress', 'waiting', 'success', 'danger'] as const;
const grounds = ['surface', 'sunken', 'raised', 'hover', 'code'] as const;
const tones = ['progress', 'waiting', 'success', 'danger'] as const;

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s palette', (_, palette) => {
  it.each(grounds.flatMap((ground) => texts.map((text) => [text, ground] as const)))(
    '%s is readable on %s',
    (text, ground) => {
      expect(contrast(palette[text], palette[ground])).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(tones)('%s, plain text and faint text are readable on its soft ground', (tone) => {
    const ground = palette[`${tone}Soft` satisfies keyof Palette];
    for (const text of [palette[tone], palette.text, palette.soft])
      expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
  });

  it('has readable buttons and mentions', () => {
    expect(contrast(palette.onAction, palette.action)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.onDestroy, palette.destroy)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.accent, palette.accentSoft)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['surface', 'sunken', 'raised'] as const)('shows where controls and the focus are on %s', (ground) => {
    expect(contrast(palette.edge, palette[ground])).toBeGreaterThanOrEqual(3);
    expect(contrast(palette.accent, palette[ground])).toBeGreaterThanOrEqual(3);
  });
});

it('names the same colours in light and dark', () => {
  expect(Object.keys(dark)).toEqual(Object.keys(light));
});

/** WCAG 2.2, "contrast ratio". */
function contrast(one: string, other: string): number {
  const [brighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (brighter + 0.05) / (darker + 0.05);
}

/** WCAG 2.2, "relative luminance", of `#rrggbb`. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
