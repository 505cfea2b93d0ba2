import { plainText, revealText } from './sanitise.ts';

/** A command line for people: what an argument really holds is visible, and quotes show where each begins and ends. */
export function shownCommand(argv: readonly string[]): string {
  return argv.map(shownArgument).join(' ');
}

/** A command in one line, to show what is going on; of a script its text. Not exact enough to approve anything. */
export function briefCommand(argv: readonly string[]): string {
  const [program, ...rest] = argv;
  const script = program === 'sh' && rest.length > 1 && rest.at(-2) === '-c' ? rest.at(-1) : undefined;
  return plainText(script ?? shownCommand(argv), { singleLine: true });
}

/** Characters that need no quotes in any shell. */
const plain = /^[A-Za-z0-9_@%+=:,./-]+$/;

function shownArgument(argument: string): string {
  return plain.test(argument) ? argument : `'${revealText(argument).replaceAll("'", String.raw`'\''`)}'`;
}
