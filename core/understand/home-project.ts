import type { Choice } from '#core/preferences/preference.ts';
import { because } from '#core/preferences/why.ts';
import { formatMoment } from '#core/text/moment.ts';
import { shorten } from '#core/text/shorten.ts';
import { wordsOf } from './phrases.ts';

/** Words that lead requests to a project, as its own `commander.yaml` says. */
export interface Route {
  readonly words: string;
  readonly projectId: string;
  /** The project's name. */
  readonly project: string;
}

/** The same as somebody said in the chat, with who it was and when (ISO 8601). */
export interface MadeRoute extends Route {
  readonly setBy: string;
  readonly setAt: string;
}

/** What says where a request is done that names no project itself. */
export interface HomeSources {
  /** Of the task in whose thread it was said. */
  readonly threadProjectId?: string;
  readonly routes?: readonly (Route | MadeRoute)[];
  /** The channel's own project: the choice's value is its id. */
  readonly channelProject?: Choice;
}

/** Where a request is done that names no project. */
export interface Home {
  /** None: nothing says it. Several: routes lead to different ones, so it must be asked. */
  readonly projectIds: readonly string[];
  /** Why, a sentence each. */
  readonly why: readonly string[];
  /** Words of the request that a route was found by, in lower case. */
  readonly words?: readonly string[];
  /** What says it leads to a project that is gone or can't be worked on now: it must be asked, whatever else leads where. */
  readonly lost?: true;
}

interface Named {
  readonly id: string;
  readonly name: string;
  /** Why it can't be worked on now. */
  readonly problem?: string;
}

/** The first that says something decides: the thread, then routes, then the channel. */
export function homeOf(words: readonly string[], sources: HomeSources, projects: readonly Named[]): Home {
  const { threadProjectId, routes = [], channelProject } = sources;
  const find = (id: string | undefined) => projects.find((project) => project.id === id);
  const thread = find(threadProjectId);
  if (thread !== undefined) return { projectIds: [thread.id], why: [`In ${thread.name}, as before in this thread`] };
  const led = routesIn(words, routes);
  if (led.length > 0) return byRoutes(led, projects);
  if (channelProject === undefined) return { projectIds: [], why: [] };
  const own = find(channelProject.value);
  const chosen = `${because(channelProject)}, ${formatMoment(channelProject.setAt)}`;
  if (own !== undefined && own.problem === undefined)
    return { projectIds: [own.id], why: [`In ${own.name}, ${chosen}`] };
  const name = own?.name ?? 'a project';
  return { projectIds: [], why: [`It would be done in ${name}, ${chosen}; ${problemOf(own)}`], lost: true };
}

function byRoutes(led: readonly Route[], projects: readonly Named[]): Home {
  const found = led.map((route) => ({ route, project: projects.find(({ id }) => id === route.projectId) }));
  const usable = found.filter(({ project }) => project !== undefined && project.problem === undefined);
  return {
    projectIds: [...new Set(usable.map(({ route }) => route.projectId))],
    words: led.flatMap(({ words }) => wordsOf(words.toLowerCase())),
    why: found.map(({ route, project }) =>
      project !== undefined && project.problem === undefined
        ? `In ${project.name}, ${routeWords(route)}`
        : `It would be done in ${route.project}, ${routeWords(route)}; ${problemOf(project)}`,
    ),
    ...(usable.length === found.length ? {} : { lost: true }),
  };
}

function routeWords(route: Route | MadeRoute): string {
  const by = 'setBy' in route ? `by ${route.setBy}, ${formatMoment(route.setAt)}` : 'of its commander.yaml';
  return `because of the route “${shorten(route.words, 60)}” ${by}`;
}

function problemOf(project: Named | undefined): string {
  return project === undefined ? 'that is no project any more' : `that can not be worked on now: ${project.problem}`;
}

interface Place {
  readonly route: Route;
  readonly start: number;
  readonly end: number;
}

/** The routes whose words a request has, as they are written and together; one within the words of a longer one says less, and nothing. */
function routesIn(words: readonly string[], routes: readonly Route[]): readonly Route[] {
  const lower = words.map((word) => word.toLowerCase());
  const places = routes.flatMap((route) => placesOf(lower, route));
  const told = places.filter((each) => !places.some((other) => isWithin(each, other)));
  return routes.filter((route) => told.some((place) => place.route === route));
}

function placesOf(words: readonly string[], route: Route): readonly Place[] {
  const phrase = wordsOf(route.words.toLowerCase());
  if (phrase.length === 0) return [];
  return words.flatMap((_, start) =>
    phrase.every((word, index) => words[start + index] === word) ? [{ route, start, end: start + phrase.length }] : [],
  );
}

function isWithin(inner: Place, outer: Place): boolean {
  return inner.start >= outer.start && inner.end <= outer.end && inner.end - inner.start < outer.end - outer.start;
}
