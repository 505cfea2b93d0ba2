import { html } from 'htm/preact';
import type { ComponentChild } from 'preact';

/** Outlines in a box of 20 × 20, drawn with the colour of the text around them. */
const shapes = {
  attach:
    'm16 9.3-6.3 6.3a3.7 3.7 0 0 1-5.2-5.2l6.5-6.5a2.45 2.45 0 0 1 3.45 3.45l-6.3 6.3a1.23 1.23 0 0 1-1.74-1.74l5.8-5.8',
  back: 'M12 4.5 6.5 10l5.5 5.5',
  check: 'm4.5 10.5 3.5 3.5 7.5-8',
  chevron: 'm8 5.5 4.5 4.5L8 14.5',
  close: 'm5 5 10 10M15 5 5 15',
  copy: 'M7.5 7.5V5A1.5 1.5 0 0 1 9 3.5h6A1.5 1.5 0 0 1 16.5 5v6a1.5 1.5 0 0 1-1.5 1.5h-2.5M5 7.5h6A1.5 1.5 0 0 1 12.5 9v6a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 15V9A1.5 1.5 0 0 1 5 7.5',
  cross: 'm6 6 8 8m0-8-8 8',
  dash: 'M6 10h8',
  down: 'M10 4v11.5m-5-5 5 5 5-5',
  download: 'M10 3.5V12m-3.5-3.5L10 12l3.5-3.5M4 15.5h12',
  file: 'M5.5 3h5.8l3.700 3.700V16a1 1 0 0 1-1 1h-8.5a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1M11 3v4h4',
  hash: 'M8 3.5 6.5 16.5M13.5 3.5 12 16.5M4 7.5h12.5M3.5 12.5H16',
  inbox: 'M3.5 11h3.7l1.300 2h3l1.300-2h3.700M3.5 11v4a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1v-4L14 4.5H6z',
  info: 'M10 9v4.5M10 6.300v.2M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0',
  library: 'M4 4v12.5M7.5 4v12.5M4 16.5h3.5M4 4h3.5M11 4.300l3.200-.8 2.600 12.200-3.200.8z',
  menu: 'M3.5 5.5h13M3.5 10h13M3.5 14.5h13',
  pause: 'M7.5 6v8M12.5 6v8',
  play: 'M7.5 5.5v9l7-4.5z',
  plus: 'M10 4.5v11M4.5 10h11',
  reply:
    'M3.5 5.5A1.5 1.5 0 0 1 5 4h10a1.5 1.5 0 0 1 1.5 1.5v6A1.5 1.5 0 0 1 15 13H9l-3.5 3v-3H5a1.5 1.5 0 0 1-1.5-1.5z',
  retry: 'M15.8 8A6 6 0 1 0 16 11.200M16 4.5V8h-3.5',
  search: 'm13 13 3.5 3.5M14.5 9a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0',
  send: 'M3.800 3.800 17 10 3.800 16.200 5.600 10zM5.600 10H11',
  warning: 'M10 7.5v3.800M10 13.800v.2M10 3.200 17.5 16.5h-15z',
  wait: 'M10 6.5V10l2.5 1.800M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0',
} as const;

export type IconName = keyof typeof shapes;

/** A small outline beside words; says nothing to screen readers, so a button with only an icon needs a label. */
export function Icon({ name }: { name: IconName }): ComponentChild {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d=${shapes[name]} /></svg>`;
}
