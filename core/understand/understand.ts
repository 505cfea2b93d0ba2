import type { NamedAgent } from '#core/agents/catalogue.ts';
import type { ReviewerWish } from '#core/agents/reviewer.ts';
import type { Runbook } from '#core/project-file/schema.ts';
import { spellingDistance } from '#core/text/nearest.ts';
import { shorten } from '#core/text/shorten.ts';
import { type AgentHint, isAboutMore, readAgentHint, readReviewer } from './agent-request.ts';
import type { Place, PlaceChoice } from './ask.ts';
import { giveInputs } from './give-inputs.ts';
import { type Hints, readHints } from './hints.ts';
import { type Home, type HomeSources, homeOf } from './home-project.ts';
import { leftOver } from './left-over.ts';
import { type Match, matchRunbooks, severalIn } from './match-runbooks.ts';
import { noRequest, questionWords } from './no-request.ts';
import { ownWords } from './own-words.ts';
import { type FoundPhrase, findApart, findPhrase, wordsOf } from './phrases.ts';

/** A project as far as words can name it. */
export interface KnownProject {
  readonly id: string;
  readonly name: string;
  /** Why it can't be worked on now. */
  readonly problem?: string;
  readonly runbooks: Readonly<Record<string, Runbook>>;
}

export interface World extends HomeSources {
  readonly projects: readonly KnownProject[];
  /** Where it is done, as a person chose when asked. */
  readonly place?: Place;
  /** The coding agents that could do what no runbook does, the one to prefer first. */
  readonly agents?: readonly NamedAgent[];
}

/** What a request means, or what is missing. Nothing is guessed silently: every reading is said in `heard` and `corrections`. */
export type Reading =
  | {
      readonly kind: 'task';
      readonly projectId: string;
      readonly runbookId: string;
      readonly given: Readonly<Record<string, string>>;
      readonly priority?: number;
      readonly after: readonly number[];
      /** What it is to work on, as it was written; none: what its runbook says, else the whole project. */
      readonly files: readonly string[];
      readonly corrections: readonly string[];
    }
  /** No runbook does it, an agent may. */
  | {
      readonly kind: 'agent';
      readonly projectId: string;
      /** Absent: the request names none. */
      readonly agentId?: string;
      /** What the agent is asked to do. */
      readonly prompt: string;
      /** Who takes over where it can not mend failed checks, as the request says it: a `person` may be an agent's name. */
      readonly reviewer?: ReviewerWish;
      readonly priority?: number;
      readonly after: readonly number[];
      /** What it is to work on, as it was written; none: what its runbook says, else the whole project. */
      readonly files: readonly string[];
      readonly corrections: readonly string[];
    }
  /** An agent is named that no worker has. */
  | { readonly kind: 'missing-agent'; readonly named: string }
  /** Several projects or runbooks fit, or what says where it is done does not fit it: the notes say so. */
  | { readonly kind: 'ambiguous'; readonly choices: readonly PlaceChoice[]; readonly notes?: readonly string[] }
  | {
      readonly kind: 'unknown';
      readonly nearest: readonly NearChoice[];
      /** The project that was named, in which nothing fits. */
      readonly projectId?: string;
    }
  /** "run the tests and then release 1.2.0": each is a request of its own, and none is begun. */
  | { readonly kind: 'several'; readonly nearest: readonly NearChoice[] }
  /** "don't release", "what does release do?": nothing is begun, and said so. */
  | { readonly kind: 'no-request'; readonly why: string; readonly nearest: readonly NearChoice[] }
  /** "run the tests in nowhere": a place is named that nobody knows. Nothing is done anywhere else instead. */
  | { readonly kind: 'unknown-project'; readonly named: string; readonly say: string };

/** Something near to what was said: how it is said, and what it does. */
interface NearChoice {
  readonly say: string;
  readonly meaning: string;
}

/** How many choices an answer offers. */
const choiceLimit = 5;

/** Reads a request without a model: runbooks and projects by name and alias, with spelling drift; inputs by name, kind and pattern. */
export function understand(text: string, known: World): Reading {
  const world = narrowed(known);
  const own = ownWords(text);
  const why = noRequest(own);
  const { agents = [] } = world;
  const { reviewer, rest: request } = readReviewer(own);
  const hint = readAgentHint(request, agents);
  const hints = readHints(hint.rest);
  const named = nameProject(hints.rest, world);
  const matches = named.projects.flatMap((project) => matchRunbooks(project, named.rest));
  const isSaid = named.found !== undefined || world.place !== undefined;
  const home = isSaid ? nowhere : homeOf(wordsOf(hints.rest), world, world.projects);
  const toAgent = () => agentReading(hint, { text, world, hints, named, home, reviewer });
  // A question is work for an agent, unless it is about a runbook.
  if (why !== undefined) {
    if (why === questionWords && agents.length > 0 && matches.length === 0) return toAgent();
    return { kind: 'no-request', why, nearest: nearestOf(text, world) };
  }
  if (hint.missing !== undefined) return { kind: 'missing-agent', named: hint.missing };
  if (hint.agent !== undefined || (reviewer !== undefined && agents.length > 0)) return toAgent();
  const best = Math.max(0, ...matches.map((match) => match.score));
  const winners = matches.filter((match) => match.score === best);
  const [winner, ...others] = preferred(winners, home);
  if (winner === undefined && agents.length > 0) return toAgent();
  if (winner === undefined) {
    const projectId = named.found?.id;
    return { kind: 'unknown', nearest: nearestOf(text, world), ...(projectId === undefined ? {} : { projectId }) };
  }
  const { given, left } = giveInputs(winner.runbook, winner.rest, hints);
  if (agents.length > 0 && isAboutMore(named.rest, left)) return toAgent();
  const isAtHome = home.projectIds.length === 0 || home.projectIds.includes(winner.project.id);
  // Only another project than the one that was meant can do it: that is asked, not guessed.
  if (!isAtHome) return elsewhereOnly([winner, ...others], home, world);
  if (others.length > 0 || home.lost) return asked(choicesOf([winner, ...others]), home.why);
  const unled = left.filter((word) => !home.words?.includes(word.toLowerCase()));
  const elsewhere = named.found === undefined && world.place === undefined ? placeIn(unled) : undefined;
  if (elsewhere !== undefined)
    return { kind: 'unknown-project', named: elsewhere, say: sayOf(winner.id, winner.runbook) };
  const several = severalIn(winner.project, named.rest, world);
  if (several.length > 1) return { kind: 'several', nearest: several };
  const notTaken = leftOver(unled);
  return {
    kind: 'task',
    projectId: winner.project.id,
    runbookId: winner.id,
    given,
    priority: hints.priority,
    after: hints.after,
    files: hints.files,
    corrections: [
      ...named.corrections,
      ...whyHere(home, world),
      ...winner.corrections,
      ...(notTaken === undefined ? [] : [`Nothing was made of “${shorten(notTaken, 100)}”`]),
    ],
  };
}

/** The words name the project, or a person chose it. */
const nowhere: Home = { projectIds: [], why: [] };

/** Where there is one project only, nobody wonders. */
function whyHere({ why }: Home, { projects }: World): readonly string[] {
  return projects.length > 1 ? why : [];
}

/** Who does it is settled where more is known; where it is done must be clear. */
function agentReading(hint: AgentHint, { text, world, hints, named, home, reviewer }: AgentRequest): Reading {
  const meant = world.projects.filter(({ id }) => home.projectIds.includes(id));
  const [only, ...others] = meant.length === 0 ? world.projects : meant;
  const place = named.found ?? (others.length === 0 ? only : undefined);
  const usable = world.projects.filter(({ problem }) => problem === undefined);
  if (place === undefined || (home.lost && named.found === undefined))
    return whichProject(meant.length > 0 ? meant : home.lost ? usable : world.projects, home);
  return {
    kind: 'agent',
    projectId: place.id,
    ...(hint.agent === undefined ? {} : { agentId: hint.agent.id }),
    prompt: text.trim(),
    ...(reviewer === undefined ? {} : { reviewer }),
    priority: hints.priority,
    after: hints.after,
    files: hints.files,
    corrections: [...named.corrections, ...whyHere(home, world)],
  };
}

interface AgentRequest {
  readonly text: string;
  readonly reviewer: ReviewerWish | undefined;
  readonly world: World;
  readonly hints: Hints;
  readonly named: ReturnType<typeof nameProject>;
  readonly home: Home;
}

/** What was chosen is all there is. */
function narrowed(world: World): World {
  const { place, projects } = world;
  if (place === undefined) return world;
  const chosen = projects.filter(({ id }) => id === place.projectId);
  const { runbookId } = place;
  if (runbookId === undefined) return { ...world, projects: chosen };
  const only = ({ runbooks }: KnownProject) => Object.entries(runbooks).filter(([id]) => id === runbookId);
  return { ...world, projects: chosen.map((each) => ({ ...each, runbooks: Object.fromEntries(only(each)) })) };
}

function whichProject(projects: readonly KnownProject[], { why }: Home): Reading {
  if (projects.length === 0) return { kind: 'unknown', nearest: [] };
  return asked(
    projects.map(({ id, name }) => ({ projectId: id, label: name })),
    why,
  );
}

/** What was meant can't do it: others can, or an agent can there. */
function elsewhereOnly(
  matches: readonly Match[],
  { projectIds, why }: Home,
  { projects, agents = [] }: World,
): Reading {
  const meant = agents.length === 0 ? [] : projects.filter(({ id }) => projectIds.includes(id));
  return asked(
    [...choicesOf(matches), ...meant.map(({ id, name }) => ({ projectId: id, label: name }))],
    why.map((each) => `${each}: but no runbook there does this`),
  );
}

function asked(choices: readonly PlaceChoice[], notes: readonly string[]): Reading {
  return { kind: 'ambiguous', choices, ...(notes.length === 0 ? {} : { notes }) };
}

function nameProject(text: string, { projects }: World) {
  const words = wordsOf(text);
  const match = bestNamed(
    projects.flatMap((project) => {
      const place = findPhrase(words, wordsOf(project.name)) ?? findApart(words, project.name);
      return place === undefined ? [] : [{ project, place }];
    }),
  );
  if (match === undefined) return { found: undefined, projects, rest: words, corrections: [] };
  const { project, place } = match;
  const before = words[place.start - 1]?.toLowerCase();
  const start = before === 'in' || before === 'on' || before === 'of' ? place.start - 1 : place.start;
  const rest = [...words.slice(0, start), ...words.slice(place.end)];
  const corrections = place.exact
    ? []
    : [`Took “${words.slice(place.start, place.end).join(' ')}” for the project ${project.name}`];
  return { found: project, projects: [project], rest, corrections };
}

interface NamedProject {
  readonly project: KnownProject;
  readonly place: FoundPhrase;
}

/** A name as written beats every one that is only like it, and of those the longest; one that is like several names none of them. */
function bestNamed(matches: readonly NamedProject[]): NamedProject | undefined {
  const exact = matches.filter(({ place }) => place.exact);
  const length = ({ place }: NamedProject) => place.end - place.start;
  if (exact.length > 0) return exact.reduce((best, each) => (length(each) > length(best) ? each : best));
  return matches.length === 1 ? matches[0] : undefined;
}

/** The place that words at the end name: "in nowhere", "on project nowhere". */
function placeIn(words: readonly string[]): string | undefined {
  const [before, last] = [words.at(-2)?.toLowerCase(), words.at(-1)];
  const at = before === 'project' ? words.at(-3)?.toLowerCase() : before;
  return at === 'in' || at === 'on' ? last : undefined;
}

function preferred(winners: readonly Match[], { projectIds }: Home): readonly Match[] {
  const here = winners.filter((match) => projectIds.includes(match.project.id));
  return here.length === 0 ? winners : here;
}

/** Projects are told apart by their names alone where each is there once. */
function choicesOf(matches: readonly Match[]): readonly PlaceChoice[] {
  const places = matches.length === 1 ? 0 : new Set(matches.map(({ project }) => project.id)).size;
  return matches.map(({ project, id, runbook }) => ({
    projectId: project.id,
    runbookId: id,
    label: places === matches.length ? project.name : `${runbook.name ?? id} in ${project.name}`,
  }));
}

/** How a person would ask for a runbook. */
function sayOf(id: string, runbook: Runbook): string {
  return runbook.aliases[0] ?? runbook.name ?? id;
}

function nearestOf(text: string, { projects }: World): readonly NearChoice[] {
  const asked = wordsOf(text).join(' ').toLowerCase().slice(0, 60);
  return projects
    .flatMap((project) =>
      Object.entries(project.runbooks).map(([id, runbook]) => {
        const say = sayOf(id, runbook);
        const distance = spellingDistance(asked, say.toLowerCase());
        return { say: projects.length > 1 ? `${say} in ${project.name}` : say, meaning: runbook.summary, distance };
      }),
    )
    .sort((a, b) => a.distance - b.distance)
    .slice(0, choiceLimit)
    .map(({ say, meaning }) => ({ say, meaning }));
}
