import { z } from 'zod';
import { definitions } from '#core/commands/definitions.ts';
import { showProjects } from '#core/show/replies.ts';
import { unquote } from '#core/text/quotes.ts';
import { addProject, listProjects } from '#db/projects/projects.ts';
import { inspectSource } from '#workers/workspace/inspect.ts';
import { loadProject } from '../project-file/load.ts';
import { noticeCard } from './cards.ts';
import { type Command, carryOut } from './command.ts';

export const projectCommands: readonly Command[] = [
  carryOut(definitions.projects, {
    input: z.tuple([]),
    async run(_, { application: { db, home } }) {
      const loaded = await Promise.all((await listProjects(db)).map((project) => loadProject(home, project)));
      const rows = loaded.map((each) => ({
        name: each.project.name,
        kind: each.project.kind,
        location: each.project.location,
        runbooks: each.ok ? Object.keys(each.file.runbooks) : [],
        problem: each.ok ? undefined : each.problem,
      }));
      return [showProjects(rows)];
    },
  }),
  carryOut(definitions.addProject, {
    input: z.array(z.string()).min(1),
    async run(_, { application: { db, home }, actor, said }) {
      const found = await inspectSource(unquote(said), { home });
      if (!found.ok) return [noticeCard('That can not be a project', 'danger', [found.message])];
      const { project, new: added } = await addProject(db, { ...found, addedBy: actor.memberId });
      const loaded = await loadProject(home, project);
      const runbooks = loaded.ok ? Object.keys(loaded.file.runbooks) : [];
      const notes = [
        ...found.notes,
        ...(loaded.ok ? [] : [loaded.problem]),
        ...(runbooks.length === 0
          ? []
          : [`You can say now: ${runbooks.map((id) => `${id} in ${project.name}`).join(', ')}.`]),
      ];
      const title = added ? `${project.name} is a project now` : `${project.name} is a project already`;
      return [noticeCard(title, loaded.ok ? 'success' : 'warning', notes)];
    },
  }),
];
