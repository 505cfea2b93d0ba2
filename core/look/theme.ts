import { dark, light, type Palette } from './palette.ts';

/** Measures that do not depend on light or dark. Spaces are steps of 4 px; type sizes follow the browser's own setting. */
const measures = {
  font: 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif',
  'font-mono':
    'ui-monospace, "SF Mono", SFMono-Regular, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  'size-small': '0.75rem',
  'size-soft': '0.8125rem',
  'size-text': '0.9375rem',
  'size-title': '1.0625rem',
  'space-1': '4px',
  'space-2': '8px',
  'space-3': '12px',
  'space-4': '16px',
  'space-5': '24px',
  'space-6': '32px',
  'radius-small': '5px',
  radius: '8px',
  'radius-large': '14px',
  quick: '120ms',
} as const;

/**
 * The look of every page of Commander as CSS text: custom properties on `:root`, for light and dark. A page links it before
 * its own styles and uses nothing but these names for colours, type and spaces.
 */
export const themeCss = `:root {
  color-scheme: light dark;
${declarations(measures)}
${declarations(colours(light))}
  --shadow: 0 1px 2px rgb(20 20 40 / 6%), 0 8px 28px rgb(20 20 40 / 14%);
}
@media (prefers-color-scheme: dark) {
  :root {
${declarations(colours(dark))}
  --shadow: 0 1px 2px rgb(0 0 0 / 40%), 0 10px 32px rgb(0 0 0 / 55%);
  }
}
@media (prefers-reduced-motion: reduce) {
  :root {
    --quick: 0ms;
  }
}
`;

function colours(palette: Palette): Record<string, string> {
  return Object.fromEntries(Object.entries(palette).map(([name, value]) => [dashed(name), value]));
}

/** `onAction` → `on-action`. */
function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function declarations(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `  --${name}: ${value};`)
    .join('\n');
}
