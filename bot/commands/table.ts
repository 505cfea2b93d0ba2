import { z } from 'zod';
import type { RichText } from '#core/chat/inline.ts';
import { listProjects } from '#db/projects/projects.ts';
import { loadProject } from '../project-file/load.ts';
import { replyCard } from './cards.ts';
import { type Command, defineCommand } from './command.ts';
import { listCommands } from './list-commands.ts';
import { projectCommands } from './project-commands.ts';
import { taskCommands } from './task-commands.ts';

const help = defineCommand({
  name: 'help',
  aliases: ['?', 'hello', 'hi'],
  summary: 'What you can say',
  usage: 'help',
  input: z.array(z.string()),
  async run(_, { application: { db, home } }) {
    const projects = await Promise.all((await listProjects(db)).map((project) => loadProject(home, project)));
    const runbooks = projects.flatMap((each) =>
      each.ok
        ? Object.entries(each.file.runbooks).map(
            ([id, runbook]): RichText => [
              { kind: 'code', text: `@commander ${runbook.aliases[0] ?? runbook.name ?? id}` },
              ` · ${runbook.summary} (${each.project.name})`,
            ],
          )
        : [],
    );
    const commands = commandTable.map(
      (command): RichText => [{ kind: 'code', text: `@commander ${command.usage}` }, ` · ${command.summary}`],
    );
    return [
      replyCard(
        ['What you can say'],
        [
          ...(runbooks.length === 0
            ? []
            : [
                { kind: 'text', text: ['Work, as your projects declare it:'] } as const,
                { kind: 'list', items: runbooks } as const,
              ]),
          { kind: 'text', text: ['And about tasks and projects:'] },
          { kind: 'list', items: commands },
          {
            kind: 'context',
            text: [
              'In a task’s thread, the number may be left out. Add “urgent”, “priority 20” or “after #12” to a request.',
            ],
          },
        ],
      ),
    ];
  },
});

/** Every command. Chat, help and completion are derived from this table. */
export const commandTable: readonly Command[] = [help, ...listCommands, ...taskCommands, ...projectCommands];

/** The command that a message begins with, and the words after it. The longest name wins. */
export function findCommand(
  text: string,
): { readonly command: Command; readonly words: readonly string[] } | undefined {
  const words = text.trim().split(/\s+/);
  const found = commandTable
    .flatMap((command) => [command.name, ...command.aliases].map((name) => ({ command, name: name.split(' ') })))
    .filter(({ name }) => name.every((part, index) => part === words[index]?.toLowerCase().replace(/[.!?,]+$/, '')))
    .sort((a, b) => b.name.length - a.name.length)[0];
  return found === undefined ? undefined : { command: found.command, words: words.slice(found.name.length) };
}
