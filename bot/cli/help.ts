import { definitions } from '#core/commands/definitions.ts';
import { columns } from './columns.ts';

const options: readonly (readonly [string, string])[] = [
  ['-f, --follow', 'show what happens until the task ends; the exit code is its outcome'],
  ['--since TIME', 'with logs: of what put out something since then (10m, 2h, or a date)'],
  ['--file PATH', 'send a file along; can be given again'],
  ['--press LABEL', 'press a button of the thread that --thread names'],
  ['--thread ID', 'say it in this thread: its id, or the address of its page'],
  ['--channel NAME', 'the channel of a new thread (general)'],
  ['--as NAME', 'who you are (COMMANDER_PERSON, else your name on this machine)'],
  ['--url URL', 'where Commander is; without it the one of the data directory (COMMANDER_HOME)'],
  ['--json', 'print what the HTTP API answers; with --follow one message in a line'],
  ['-h, --help', 'this'],
];

/** What the command line can do, from the table of commands. */
export function helpText(): string {
  const said = Object.values(definitions).map(({ usage, summary }) => [usage, summary] as const);
  return [
    'commander WORDS…   say to the Commander that runs what you would say in chat after its name',
    '',
    'For example:',
    ...indented(['commander run the tests --follow', 'commander tasks', 'commander cancel 12', 'commander logs 12 -f']),
    '',
    'Options:',
    ...indented(columns(options)),
    '',
    'What can be said, besides work in your own words (a shell takes # for a comment: write “12”, or quote “#12”):',
    ...indented(columns(said)),
    '',
    'Exit code: 0 done, 1 refused, failed or not begun, 2 it could not be said, 130 Ctrl-C.',
  ].join('\n');
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
