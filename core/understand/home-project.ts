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

/** Routes that are named as the reason. */
const mostNamed = 5;

function byRoutes(led: readonly Route[], projects: readonly Named[]): Home {
  const found = led.map((route) => ({ route, project: projects.find(({ id }) => id === route.projectId) }));
  const usable = found.filter(({ project }) => project !== undefined && project.problem === undefined);
  const lost = found.filter(({ project }) => project === undefined || project.problem !== undefined);
  return {
    projectIds: [...new Set(usable.map(({ route }) => route.projectId))],
    words: led.flatMap(({ words }) => wordsOf(words.toLowerCase())),
    why: found
      .slice(0, mostNamed)
      .map(({ route, project }) =>
        project !== undefined && project.problem === undefined
          ? `In ${project.name}, ${routeWords(route)}`
          : `It would be done in ${route.project}, ${routeWords(route)}; ${problemOf(project)}`,
      ),
    ...(lost.length === 0 ? {} : { lost: true }),
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
  /** The words of a route. */
  readonly phrase: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The routes whose words a request has, as they are written and together; one within the words of a longer one says less, and
 * nothing. Each phrase is looked for once: both a request and a project's file can be hostile.
 */
function routesIn(words: readonly string[], routes: readonly Route[]): readonly Route[] {
  const lower = words.map((word) => word.toLowerCase());
  const starts = Map.groupBy(lower.keys(), (at) => lower[at]);
  const phrases = Map.groupBy(routes, (route) => wordsOf(route.words.toLowerCase()).join(' '));
  const places = [...phrases.keys()].flatMap((phrase) => {
    const wanted = phrase.split(' ');
    return (starts.get(wanted[0]) ?? [])
      .filter((start) => wanted.every((word, index) => lower[start + index] === word))
      .map((start): Place => ({ phrase, start, end: start + wanted.length }));
  });
  const told = new Set(outermost(places).flatMap(({ phrase }) => phrases.get(phrase) ?? []));
  return routes.filter((route) => told.has(route));
}

/** Places that lie in no longer one. */
function outermost(places: readonly Place[]): readonly Place[] {
  let reach = 0;
  return [...Map.groupBy(places, ({ start }) => start)]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([, here]) => {
      const before = reach;
      const farthest = here.reduce((end, place) => Math.max(end, place.end), 0);
      reach = Math.max(reach, farthest);
      return here.filter(({ end }) => end === farthest && end > before);
    });
}
