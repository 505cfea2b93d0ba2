import { z } from 'zod';
import type { RichText } from '#core/chat/inline.ts';
import { addProject, listProjects } from '#db/projects/projects.ts';
import { inspectSource } from '#workers/workspace/inspect.ts';
import { loadProject } from '../project-file/load.ts';
import { noticeCard, replyCard } from './cards.ts';
import { type Command, defineCommand } from './command.ts';

export const projectCommands: readonly Command[] = [
  defineCommand({
    name: 'projects',
    aliases: ['list projects'],
    summary: 'The projects and what can be run in them',
    usage: 'projects',
    input: z.tuple([]),
    async run(_, { application: { db, home } }) {
      const loaded = await Promise.all((await listProjects(db)).map((project) => loadProject(home, project)));
      const items = loaded.map((each): RichText => {
        const name = { kind: 'bold', text: each.project.name } as const;
        if (!each.ok) return [name, ` · ${each.problem}`];
        return [
          name,
          ` · ${Object.values(each.file.runbooks)
            .map((runbook) => runbook.summary)
            .join(' · ')}`,
        ];
      });
      return [replyCard(['Projects'], [{ kind: 'list', items }])];
    },
  }),
  defineCommand({
    name: 'add project',
    aliases: [],
    summary: 'Bring a project of your own: a folder, a git repository or its URL',
    usage: 'add project <path or git URL>',
    needs: 'administer',
    input: z
      .array(z.string())
      .min(1)
      .transform((words) => words.join(' ')),
    async run(place, { application: { db, home }, actor }) {
      const found = await inspectSource(place, { home });
      if (!found.ok) return [noticeCard(found.message, 'danger')];
      const { project, new: added } = await addProject(db, { ...found, addedBy: actor.memberId });
      const title = added ? `${project.name} is a project now` : `${project.name} is a project already`;
      const loaded = await loadProject(home, project);
      const notes = [...found.notes, ...(loaded.ok ? [] : [loaded.problem])];
      const says = loaded.ok
        ? Object.values(loaded.file.runbooks).map((runbook) => runbook.aliases[0] ?? runbook.name ?? '')
        : [];
      return [
        replyCard(
          [title],
          [
            ...notes.map((text) => ({ kind: 'text', text: [text] }) as const),
            ...(says.length === 0
              ? []
              : [{ kind: 'context', text: [`Try: ${says.filter(Boolean).join(', ')}`] } as const]),
          ],
          loaded.ok ? 'success' : 'warning',
        ),
      ];
    },
  }),
];
