/** What the words before the caret ask for: a person's name after `@`, or a command after the bot's name. */
export interface Wanted {
  readonly kind: 'person' | 'command';
  /** Where in the text the part begins that a completion replaces; it ends at the caret. */
  readonly from: number;
  readonly typed: string;
}

/** The bot's name in a mention. */
export const botName = 'commander';

const commandBefore = new RegExp(`(?<![\\w@.])@${botName}[ \\t]+(?<typed>[^\\n]*)$`, 'iu');
const personBefore = /(?<![\w@.])@(?<typed>[\p{L}\p{N}_-]*)$/u;

/** Looks at what stands before the caret; `undefined` when there is nothing to complete. */
export function wantedAt(text: string, caret: number): Wanted | undefined {
  const before = text.slice(0, caret);
  const person = personBefore.exec(before)?.groups?.typed;
  if (person !== undefined) return { kind: 'person', from: caret - person.length, typed: person };
  const command = commandBefore.exec(before)?.groups?.typed;
  return command === undefined ? undefined : { kind: 'command', from: caret - command.length, typed: command };
}

/** The text after a completion was chosen, and where the caret goes. A space follows unless one is there. */
export function completed(
  text: string,
  caret: number,
  wanted: Wanted,
  insert: string,
): { text: string; caret: number } {
  const rest = text.slice(caret);
  const gap = wanted.kind === 'person' && !rest.startsWith(' ') ? ' ' : '';
  const head = text.slice(0, wanted.from) + insert + gap;
  return { text: head + rest, caret: head.length + (gap === '' && rest.startsWith(' ') ? 1 : 0) };
}

/** People whose name fits what was typed: the bot first, then names that begin so, then names that contain it. */
export function fittingPeople(names: readonly string[], typed: string): readonly string[] {
  const wanted = typed.toLowerCase();
  const begins = (name: string) => name.toLowerCase().startsWith(wanted);
  const fitting = names.filter((name) => name.toLowerCase().includes(wanted) && name.toLowerCase() !== botName);
  const sorted = fitting.sort((one, two) => Number(begins(two)) - Number(begins(one)) || one.localeCompare(two));
  return [...(begins(botName) ? [botName] : []), ...sorted].slice(0, 8);
}

/** Whether a message speaks to the bot. */
export function addressesBot(text: string): boolean {
  return new RegExp(`(?<![\\w@.])@${botName}(?![\\w-])`, 'iu').test(text);
}
