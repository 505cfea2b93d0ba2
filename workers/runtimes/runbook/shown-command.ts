import { revealText } from '#core/text/sanitise.ts';

/** A command line for people: what an argument really holds is visible, and quotes show where each begins and ends. */
export function shownCommand(argv: readonly string[]): string {
  return argv.map(shownArgument).join(' ');
}

/** Characters that need no quotes in any shell. */
const plain = /^[A-Za-z0-9_@%+=:,./-]+$/;

function shownArgument(argument: string): string {
  return plain.test(argument) ? argument : `'${revealText(argument).replaceAll("'", String.raw`'\''`)}'`;
}
