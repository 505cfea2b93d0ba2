import type { Choice } from '#core/preferences/preference.ts';
import { because } from '#core/preferences/why.ts';
import { formatMoment } from '#core/text/moment.ts';
import { shorten } from '#core/text/shorten.ts';
import { wordsOf } from './phrases.ts';

/** Words that lead requests to a project, with who said so and when (ISO 8601). */
export interface Route {
  readonly words: string;
  readonly projectId: string;
  readonly setBy: string;
  readonly setAt: string;
}

/** What says where a request is done that names no project itself. */
export interface HomeSources {
  /** Of the task in whose thread it was said. */
  readonly threadProjectId?: string;
  readonly routes?: readonly Route[];
  /** The channel's own project: the choice's value is its id. */
  readonly channelProject?: Choice;
}

/** Where a request is done that names no project. */
export interface Home {
  /** None: nothing says it. Several: routes lead to different ones, so it must be asked. */
  readonly projectIds: readonly string[];
  /** Why, a sentence each. */
  readonly why: readonly string[];
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** The first that says something decides: the thread, then routes, then the channel. What leads to no known project says nothing. */
export function homeOf(words: readonly string[], sources: HomeSources, projects: readonly Named[]): Home {
  const { threadProjectId, routes = [], channelProject } = sources;
  const find = (id: string | undefined) => projects.find((project) => project.id === id);
  const thread = find(threadProjectId);
  if (thread !== undefined) return { projectIds: [thread.id], why: [] };
  const known = routes.filter(({ projectId }) => find(projectId) !== undefined);
  const led = routesIn(words, known);
  if (led.length > 0) {
    const projectIds = [...new Set(led.map(({ projectId }) => projectId))];
    return { projectIds, why: led.map((route) => routeWords(route, find(route.projectId)?.name ?? '')) };
  }
  const own = find(channelProject?.value);
  if (channelProject === undefined || own === undefined) return { projectIds: [], why: [] };
  return {
    projectIds: [own.id],
    why: [`In ${own.name}, ${because(channelProject)}, ${formatMoment(channelProject.setAt)}`],
  };
}

function routeWords({ words, setBy, setAt }: Route, project: string): string {
  return `In ${project}, because of the route “${shorten(words, 60)}” by ${setBy}, ${formatMoment(setAt)}`;
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
