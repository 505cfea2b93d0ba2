import { z } from 'zod';
import { definitions } from '#core/commands/definitions.ts';
import { showNotice } from '#core/show/replies.ts';
import { plainText } from '#core/text/sanitise.ts';
import { wordsOf } from '#core/understand/phrases.ts';
import { isCalled, listProjects } from '#db/projects/projects.ts';
import { listRoutes, mostRoutes, removeRoute, setRoute } from '#db/projects/routes.ts';
import { declaredRoutes, loadProject } from '../project-file/load.ts';
import { noticeCard } from './cards.ts';
import { type Command, CommandRefused, carryOut } from './command.ts';
import { projectBy } from './preference-commands.ts';

/** Characters of a route's words. */
const routeLength = 60;

const said = z
  .array(z.string())
  .transform((words) => /^(.+)\sto\s(?:the\sproject\s)?(.+)$/i.exec(words.join(' ')))
  .refine((found) => found !== null)
  .transform((found) => ({ words: found?.[1] ?? '', project: found?.[2] ?? '' }));

/** Words that lead requests to a project. */
export const routeCommands: readonly Command[] = [
  carryOut(definitions.routes, {
    input: z.tuple([]),
    async run(_, { application: { db, home } }) {
      const [routes, projects] = await Promise.all([listRoutes(db), listProjects(db)]);
      const loaded = await Promise.all(projects.map((project) => loadProject(home, project)));
      const declared = loaded.flatMap((each) => (each.ok ? declaredRoutes(each) : []));
      if (routes.length + declared.length === 0) {
        return [noticeCard('There are no routes', 'neutral', [`Say, for example, ${example}.`])];
      }
      const text = routes.map(({ words, projectId, setBy, setAt }) => {
        const project = projects.find((each) => each.projectId === projectId)?.name ?? 'a project that is gone';
        return [`“${words}” leads to ${project}: ${setBy} said so `, { kind: 'time', at: setAt } as const, '.'];
      });
      const ofFiles = declared.map(({ words, project }) => [
        `“${words}” leads to ${project}: its commander.yaml says so.`,
      ]);
      return [showNotice({ tone: 'neutral', title: 'Routes', text: [...text, ...ofFiles] })];
    },
  }),
  carryOut(definitions.route, {
    input: said,
    async run(route, { application: { db }, actor }) {
      const words = routeWords(route.words);
      const { projectId, name } = await projectBy(db, isCalled(route.project));
      if (!(await setRoute(db, { words, projectId, memberId: actor.memberId }))) {
        throw new CommandRefused(`There are ${mostRoutes} routes already. Remove one first: “remove route <words>”.`);
      }
      return [
        noticeCard(`“${words}” leads to ${name}`, 'success', [
          'A request with these words that names no project, outside a task’s thread, is done there. Where routes lead to several, I ask.',
          `Say “remove route ${words}” to take that back.`,
        ]),
      ];
    },
  }),
  carryOut(definitions.removeRoute, {
    input: z.array(z.string()).min(1),
    async run(named, { application: { db }, actor }) {
      const words = routeWords(named.join(' '));
      if (!(await removeRoute(db, words, actor.memberId))) {
        throw new CommandRefused(`There is no route “${words}”. Say “routes” to see them.`);
      }
      return [noticeCard(`“${words}” leads nowhere any more`, 'success')];
    },
  }),
];

const example = '“route login to <project>”';

/** As routes are compared: words in lower case. @throws CommandRefused where there are none or too many. */
function routeWords(text: string): string {
  const words = wordsOf(plainText(text, { singleLine: true }))
    .join(' ')
    .toLowerCase();
  if (words === '' || words.length > routeLength) {
    throw new CommandRefused(`A route has words of 1 to ${routeLength} characters: ${example}.`);
  }
  return words;
}
