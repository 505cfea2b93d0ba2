import { type APIComponentInContainer, ComponentType } from 'discord.js';
import { componentLimit, messageTextLimit } from './limits.ts';
import { splitText } from './split.ts';

/** A text is shortened to no less than this; below that it is left out. */
const leastText = 200;

/** Says that something is left out, and where it is; `whole`: the name of the file with all of it. */
export function moreLine(whole: string | undefined): string {
  return whole === undefined ? '-# There is more: see Details.' : '-# There is more: all of it is in this file.';
}

/** Buttons and the first texts stay; texts that do not fit are shortened, then left out, and the last line says so. */
export function withinLimits(drawn: readonly APIComponentInContainer[], whole: string | undefined) {
  const more = moreLine(whole);
  const kept: APIComponentInContainer[] = [];
  // The container itself, the line that says what is missing, and the file.
  let components = 3 + sizeOf(drawn.filter(({ type }) => type === ComponentType.ActionRow));
  let characters = more.length;
  let isShort = false;
  for (const component of drawn) {
    if (component.type === ComponentType.ActionRow) {
      kept.push(component);
      continue;
    }
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
  return { isShort, components: [...kept.filter(isNoRow), ...rest, ...kept.filter((each) => !isNoRow(each))] };
}

/** A text of at most `room` characters; the same component when it fits, none when too little of it would be left. */
function shortened(component: APIComponentInContainer, room: number): APIComponentInContainer | undefined {
  if (component.type !== ComponentType.TextDisplay || component.content.length <= room) return component;
  if (room < leastText) return undefined;
  const [first] = splitText(component.content, room);
  return first === undefined ? undefined : { ...component, content: `${first.before}${first.text}${first.after}` };
}

function isNoRow({ type }: APIComponentInContainer): boolean {
  return type !== ComponentType.ActionRow;
}

/** Components with all that are nested in them. */
function sizeOf(components: readonly APIComponentInContainer[]): number {
  return components.reduce(
    (sum, each) => sum + 1 + (each.type === ComponentType.ActionRow ? each.components.length : 0),
    0,
  );
}
