import type { CommandDefinition } from '#core/commands/command-definition.ts';
import { readOptions } from '#core/commands/read-options.ts';
import { nearest } from '#core/text/nearest.ts';
import { plainText } from '#core/text/sanitise.ts';
import { everybodyNamed } from '#db/intake/members.ts';
import { isCalled, listProjects } from '#db/projects/projects.ts';
import type { Actor } from '#db/tasks/change-task.ts';
import type { Application } from '../application.ts';
import { CommandRefused } from './command.ts';

/** Of whom and of which project a list is, with the words that say so again. */
export interface ListFilter {
  readonly project?: { readonly id: string; readonly name: string };
  readonly person?: { readonly members: readonly string[]; readonly name: string };
  /** Counted from 1. */
  readonly page: number;
}

/** What a person said of a list's options. @throws CommandRefused */
export function readListWords(words: readonly string[], { options, usage }: CommandDefinition): Values {
  const read = readOptions(words, options);
  if (!read.ok) throw new CommandRefused(`That is said as: ${usage}`);
  return read.values;
}

type Values = Readonly<Record<string, string | undefined>>;

/** Finds the project and the person that the values name. @throws CommandRefused when there is none of that name */
export async function findFilter(
  { db }: Application,
  { project, person, page }: Values,
  reader: Actor,
): Promise<ListFilter> {
  const [place, who] = await Promise.all([
    project === undefined ? undefined : projectNamed({ db }, project),
    person === undefined ? undefined : personNamed({ db }, person, reader),
  ]);
  return { project: place, person: who, page: Number(page ?? 1) };
}

async function projectNamed({ db }: Pick<Application, 'db'>, name: string): Promise<ListFilter['project']> {
  const projects = await listProjects(db);
  const exact = projects.find(isCalled(name));
  const [near] = nearest(
    name,
    projects.map((each) => each.name),
    1,
  );
  const found = exact ?? projects.find((each) => each.name === near);
  if (found === undefined) throw new CommandRefused(`There is no project ${shown(name)}. Say “projects” to see them.`);
  return { id: found.projectId, name: found.name };
}

async function personNamed(
  { db }: Pick<Application, 'db'>,
  name: string,
  reader: Actor,
): Promise<ListFilter['person']> {
  if (/^(?:me|myself)$/i.test(name)) return { members: [reader.memberId], name: reader.name };
  const members = await everybodyNamed(db, name);
  if (members.length === 0) throw new CommandRefused(`I know nobody called ${shown(name)}.`);
  return { members, name };
}

function shown(name: string): string {
  return `“${plainText(name, { singleLine: true, maxLength: 60 })}”`;
}
