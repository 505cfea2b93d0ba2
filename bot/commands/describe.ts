import type { CommandDescription, CommandOption } from '#core/chat/adapter.ts';
import type { Command } from './command.ts';
import { commandTable } from './table.ts';

/** The command table for platforms with typed commands, and `ask`: a request in one's own words. */
export function describeCommands(): readonly CommandDescription[] {
  return [ask, ...commandTable.map(describe)];
}

const ask: CommandDescription = {
  name: 'ask',
  summary: 'Ask for work in your own words',
  usage: 'ask <request>',
  options: [
    { name: 'request', summary: 'What to do, for example: run the tests', kind: 'request', required: true },
    { name: 'project', summary: 'Where; without it the words say', kind: 'project', required: false },
  ],
  say: ({ request = '', project = '' }) =>
    [oneLine(request), ...(oneLine(project) === '' ? [] : [`in ${oneLine(project)}`])].join(' '),
};

function describe({ name, summary, usage, options }: Command): CommandDescription {
  return {
    name,
    summary,
    usage,
    options,
    say: (values) => {
      const words = options.map((option) => wordOf(option, values[option.name] ?? ''));
      return [name, ...words.filter((word) => word !== '')].join(' ');
    },
  };
}

function wordOf({ kind, saidAfter }: CommandOption, value: string): string {
  const word = oneLine(value);
  if (word === '') return '';
  const said = kind === 'task' && /^\d+$/.test(word) ? `#${word}` : word;
  return saidAfter === undefined ? said : `${saidAfter} ${said}`;
}

function oneLine(value: string): string {
  return value.replace(/\s*[\r\n]+\s*/g, ' ').trim();
}
