import {
  type APIActionRowComponent,
  type APIComponentInContainer,
  type APIComponentInMessageActionRow,
  ComponentType,
} from 'discord.js';
import { componentLimit, messageTextLimit, rowButtonLimit } from './limits.ts';
import { splitText } from './split.ts';

/** A text is shortened to no less than this; below that it is left out. */
const leastText = 200;

/** Says that something is left out, and where it is; `whole`: the name of the file with all of it. */
export function moreLine(whole: string | undefined): string {
  return whole === undefined ? '-# There is more: see Details.' : '-# There is more: all of it is in this file.';
}

export type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

/** Components that rows may take: the container, its title, the line that says what is missing, and the file are the others. */
const rowsLimit = componentLimit - 4;

/** Rows and the first texts stay while there is room; texts that do not fit are shortened, then left out, and the last line says so. */
export function withinLimits(drawn: readonly APIComponentInContainer[], whole: string | undefined) {
  const more = moreLine(whole);
  const rows = drawn.filter((each) => each.type === ComponentType.ActionRow);
  const taken = rowsWithin(rows);
  const kept: APIComponentInContainer[] = [];
  // The container itself, the line that says what is missing, and the file.
  let components = 3 + sizeOf(taken);
  let characters = more.length;
  let isShort = pressable(taken) < pressable(rows);
  for (const component of drawn) {
    if (component.type === ComponentType.ActionRow) continue;
    const fitting = shortened(component, messageTextLimit - characters);
    if (components + sizeOf([component]) > componentLimit || fitting === undefined) {
      isShort = true;
      continue;
    }
    isShort ||= fitting !== component;
    components += sizeOf([component]);
    characters += fitting.type === ComponentType.TextDisplay ? fitting.content.length : 0;
    kept.push(fitting);
  }
  const all =
    whole === undefined ? [] : [{ type: ComponentType.File as const, file: { url: `attachment://${whole}` } }];
  const rest =
    isShort || whole !== undefined ? [{ type: ComponentType.TextDisplay as const, content: more }, ...all] : [];
  return { isShort, components: [...kept, ...rest, ...taken] };
}

/** The rows that there is room for: as they are, else with as many buttons as a row takes. */
function rowsWithin(rows: readonly Row[]): readonly Row[] {
  let left = rowsLimit;
  return (sizeOf(rows) > rowsLimit ? packed(rows) : rows).filter((row) => {
    const size = sizeOf([row]);
    if (size > left) return false;
    left -= size;
    return true;
  });
}

/** Menus have a row each; buttons share theirs, and come first: what is to be decided matters more than a choice. */
export function packed(rows: readonly Row[]): readonly Row[] {
  const menus = rows.filter(({ components: [first] }) => first?.type !== ComponentType.Button);
  const buttons = rows.filter((row) => !menus.includes(row)).flatMap(({ components }) => components);
  const shared = Array.from({ length: Math.ceil(buttons.length / rowButtonLimit) }, (_, row) => ({
    type: ComponentType.ActionRow as const,
    components: buttons.slice(row * rowButtonLimit, (row + 1) * rowButtonLimit),
  }));
  return [...shared, ...menus];
}

function pressable(rows: readonly Row[]): number {
  return sizeOf(rows) - rows.length;
}

/** A text of at most `room` characters; the same component when it fits, none when too little of it would be left. */
function shortened(component: APIComponentInContainer, room: number): APIComponentInContainer | undefined {
  if (component.type !== ComponentType.TextDisplay || component.content.length <= room) return component;
  if (room < leastText) return undefined;
  const [first] = splitText(component.content, room);
  return first === undefined ? undefined : { ...component, content: `${first.before}${first.text}${first.after}` };
}

/** Components with all that are nested in them. */
function sizeOf(components: readonly APIComponentInContainer[]): number {
  return components.reduce(
    (sum, each) => sum + 1 + (each.type === ComponentType.ActionRow ? each.components.length : 0),
    0,
  );
}
