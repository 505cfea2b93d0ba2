import { z } from 'zod';
import { definitions } from '#core/commands/definitions.ts';
import { type HelpEntry, showHelp } from '#core/show/replies.ts';
import { listProjects } from '#db/projects/projects.ts';
import type { Application } from '../application.ts';
import { loadProject } from '../project-file/load.ts';
import { agentCommands } from './agent-commands.ts';
import { type Command, carryOut } from './command.ts';
import { listCommands } from './list-commands.ts';
import { outputCommands } from './output-commands.ts';
import { peopleCommands } from './people-commands.ts';
import { preferenceCommands } from './preference-commands.ts';
import { projectCommands } from './project-commands.ts';
import { routeCommands } from './route-commands.ts';
import { ruleCommands } from './rule-commands.ts';
import { taskCommands } from './task-commands.ts';

const help = carryOut(definitions.help, {
  input: z.array(z.string()),
  run: async (_, { application }) => [
    showHelp([
      { title: 'Work, as your projects declare it', entries: await requests(application), next: 'projects' },
      ...sections.map(({ title, commands }) => ({
        title,
        entries: commands.map(({ usage, summary }) => ({ usage, summary })),
      })),
    ]),
  ],
});

/** What can be asked for in the projects: for help and completion. */
export async function requests({ db, home }: Application): Promise<readonly HelpEntry[]> {
  const projects = await Promise.all((await listProjects(db)).map((project) => loadProject(home, project)));
  return projects.flatMap((each) =>
    each.ok
      ? Object.entries(each.file.runbooks).map(([id, runbook]) => ({
          usage: runbook.aliases[0] ?? runbook.name ?? id,
          summary: `${runbook.summary} (${each.project.name})`,
        }))
      : [],
  );
}

/** Every command, as help lists them: each section in one list that is shown whole. */
const sections: readonly { readonly title: string; readonly commands: readonly Command[] }[] = [
  { title: 'Tasks and what they make', commands: [help, ...listCommands, ...outputCommands, ...taskCommands] },
  { title: 'Projects and people', commands: [...projectCommands, ...routeCommands, ...peopleCommands] },
  { title: 'Rules, agents and preferences', commands: [...ruleCommands, ...agentCommands, ...preferenceCommands] },
];

/** Every command. Chat, help and completion are derived from this table. */
export const commandTable: readonly Command[] = sections.flatMap(({ commands }) => commands);

/** What a person said to a command. */
export interface FoundCommand {
  readonly command: Command;
  /** The words after its name. */
  readonly words: readonly string[];
  /** The same as it was written. */
  readonly said: string;
}

/** The command that a message begins with, and what comes after it. The longest name wins. */
export function findCommand(text: string): FoundCommand | undefined {
  const words = text.trim().split(/\s+/);
  const found = commandTable
    .flatMap((command) => [command.name, ...command.aliases].map((name) => ({ command, name: name.split(' ') })))
    .filter(({ name }) => name.every((part, index) => part === words[index]?.toLowerCase().replace(/[.!,]+$/, '')))
    .sort((a, b) => b.name.length - a.name.length)[0];
  if (found === undefined) return undefined;
  const named = found.name.reduce((rest) => rest.trimStart().replace(/^\S+/, ''), text);
  return { command: found.command, words: words.slice(found.name.length), said: named.trim() };
}
