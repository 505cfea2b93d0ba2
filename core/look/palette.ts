/**
 * The colours of every page of Commander, by what they are for. Text colours reach 4.5:1 on every surface that they stand on,
 * borders of controls and the focus ring 3:1 (WCAG 2.2 AA); palette.test.ts computes it.
 */
export interface Palette {
  /** The page, and what lies behind the panes. */
  readonly surface: string;
  /** Side panes and quiet blocks within the page. */
  readonly sunken: string;
  /** Cards, dialogs, menus: above the page. */
  readonly raised: string;
  /** Under the pointer. */
  readonly hover: string;
  readonly text: string;
  /** Second in rank: names of fields, descriptions. */
  readonly soft: string;
  /** Third: times, counts, hints. */
  readonly faint: string;
  /** Hairlines that only structure. */
  readonly line: string;
  /** Borders that show where a control is. */
  readonly edge: string;
  /** Links, the chosen one, the focus ring. */
  readonly accent: string;
  /** Background of the main button, and the text on it. */
  readonly action: string;
  readonly onAction: string;
  readonly accentSoft: string;
  /** Of each tone: text, its soft ground, and a mark (a bar, a dot) that says nothing alone. */
  readonly progress: string;
  readonly progressSoft: string;
  readonly progressMark: string;
  readonly waiting: string;
  readonly waitingSoft: string;
  readonly waitingMark: string;
  readonly success: string;
  readonly successSoft: string;
  readonly successMark: string;
  readonly danger: string;
  readonly dangerSoft: string;
  readonly dangerMark: string;
  /** Background of a button that destroys, and the text on it. */
  readonly destroy: string;
  readonly onDestroy: string;
  readonly code: string;
}

export const light: Palette = {
  surface: '#ffffff',
  sunken: '#f6f6f8',
  raised: '#ffffff',
  hover: '#efeff3',
  text: '#1b1b22',
  soft: '#4d4d5a',
  faint: '#666673',
  line: '#e4e4ea',
  edge: '#8a8a98',
  accent: '#4a4ed3',
  action: '#4f53d8',
  onAction: '#ffffff',
  accentSoft: '#ececfd',
  progress: '#1f5fc4',
  progressSoft: '#e8f0fd',
  progressMark: '#3b82f6',
  waiting: '#8a5300',
  waitingSoft: '#fdf1dc',
  waitingMark: '#e09a1f',
  success: '#166a3b',
  successSoft: '#e3f5ea',
  successMark: '#2fa866',
  danger: '#b3261e',
  dangerSoft: '#fdebe9',
  dangerMark: '#dd4b41',
  destroy: '#c0342b',
  onDestroy: '#ffffff',
  code: '#f3f3f6',
};

export const dark: Palette = {
  surface: '#17171c',
  sunken: '#111115',
  raised: '#1f1f26',
  hover: '#272730',
  text: '#ececf1',
  soft: '#b6b6c3',
  faint: '#9a9aa8',
  line: '#2c2c36',
  edge: '#71717f',
  accent: '#a5a8ff',
  action: '#5a5ee0',
  onAction: '#ffffff',
  accentSoft: '#28294a',
  progress: '#8db8ff',
  progressSoft: '#1b2a45',
  progressMark: '#5b9bff',
  waiting: '#f0bd6b',
  waitingSoft: '#38290f',
  waitingMark: '#e0a648',
  success: '#79d29b',
  successSoft: '#15301f',
  successMark: '#4fbd7c',
  danger: '#ff9d94',
  dangerSoft: '#401d1b',
  dangerMark: '#f0736a',
  destroy: '#c93c33',
  onDestroy: '#ffffff',
  code: '#121217',
};
