import type { NamedAgent } from '#core/agents/catalogue.ts';
import { fits } from '#core/project-file/inputs.ts';
import type { Runbook } from '#core/project-file/schema.ts';
import { spellingDistance } from '#core/text/nearest.ts';
import { type AgentHint, isAboutMore, readAgentHint } from './agent-request.ts';
import { type Hints, readHints } from './hints.ts';
import { noRequest, questionWords } from './no-request.ts';
import { findPhrase, wordsOf } from './phrases.ts';

/** A project as far as words can name it. */
export interface KnownProject {
  readonly id: string;
  readonly name: string;
  readonly runbooks: Readonly<Record<string, Runbook>>;
}

export interface World {
  readonly projects: readonly KnownProject[];
  /** The project that the thread's earlier task was about, if any. */
  readonly threadProjectId?: string;
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
      readonly priority?: number;
      readonly after: readonly number[];
      readonly corrections: readonly string[];
    }
  /** An agent is named that no worker has. */
  | { readonly kind: 'missing-agent'; readonly named: string }
  /** Several places or runbooks fit equally: each choice is what to say instead. */
  | { readonly kind: 'ambiguous'; readonly text: string; readonly choices: readonly string[] }
  | {
      readonly kind: 'unknown';
      readonly nearest: readonly string[];
      /** The project that was named, in which nothing fits. */
      readonly projectId?: string;
    }
  /** "don't release", "what does release do?": nothing is begun, and said so. */
  | { readonly kind: 'no-request'; readonly why: string; readonly nearest: readonly string[] }
  /** "run the tests in nowhere": a place is named that nobody knows. Nothing is done anywhere else instead. */
  | { readonly kind: 'unknown-project'; readonly named: string; readonly say: string };

/** How many choices an answer offers. */
const choiceLimit = 5;

/** Characters of a request that a choice repeats as it is. */
const wholeLimit = 60;

/** Reads a request without a model: runbooks and projects by name and alias, with spelling drift; inputs by name, kind and pattern. */
export function understand(text: string, world: World): Reading {
  const why = noRequest(text);
  const { agents = [] } = world;
  const hint = readAgentHint(text, agents);
  const hints = readHints(hint.rest);
  const named = nameProject(hints.rest, world);
  const matches = named.projects.flatMap((project) => matchRunbooks(project, named.rest));
  const toAgent = () => agentReading(hint, { text, world, hints, named });
  // A question is work for an agent, unless it is about a runbook.
  if (why !== undefined) {
    if (why === questionWords && agents.length > 0 && matches.length === 0) return toAgent();
    return { kind: 'no-request', why, nearest: nearestOf(text, world) };
  }
  if (hint.missing !== undefined) return { kind: 'missing-agent', named: hint.missing };
  if (hint.agent !== undefined) return toAgent();
  const best = Math.max(0, ...matches.map((match) => match.score));
  const winners = matches.filter((match) => match.score === best);
  const [winner] = preferred(winners, world);
  if (winner === undefined && agents.length > 0) return toAgent();
  if (winner === undefined) {
    const projectId = named.found?.id;
    return { kind: 'unknown', nearest: nearestOf(text, world), ...(projectId === undefined ? {} : { projectId }) };
  }
  const { given, left } = giveInputs(winner.runbook, winner.rest, hints);
  if (agents.length > 0 && isAboutMore(named.rest, left)) return toAgent();
  if (preferred(winners, world).length > 1) return ambiguous(text, preferred(winners, world));
  const elsewhere = named.found === undefined ? placeIn(left) : undefined;
  if (elsewhere !== undefined)
    return { kind: 'unknown-project', named: elsewhere, say: sayOf(winner.id, winner.runbook) };
  return {
    kind: 'task',
    projectId: winner.project.id,
    runbookId: winner.id,
    given,
    priority: hints.priority,
    after: hints.after,
    corrections: [...named.corrections, ...winner.corrections],
  };
}

/** Who does it is settled where more is known; where it is done must be clear. */
function agentReading(hint: AgentHint, { text, world, hints, named }: AgentRequest): Reading {
  const [only, ...others] = world.projects;
  const here = world.projects.find(({ id }) => id === world.threadProjectId);
  const place = named.found ?? here ?? (others.length === 0 ? only : undefined);
  if (place === undefined) return whichProject(text, world);
  return {
    kind: 'agent',
    projectId: place.id,
    ...(hint.agent === undefined ? {} : { agentId: hint.agent.id }),
    prompt: text.trim(),
    priority: hints.priority,
    after: hints.after,
    corrections: named.corrections,
  };
}

interface AgentRequest {
  readonly text: string;
  readonly world: World;
  readonly hints: Hints;
  readonly named: ReturnType<typeof nameProject>;
}

function whichProject(text: string, { projects }: World): Reading {
  const whole = text.trim().replace(/[.!?]+$/, '');
  if (projects.length === 0) return { kind: 'unknown', nearest: [] };
  return {
    kind: 'ambiguous',
    text: 'In which project? Answer with the whole request and “in” its name.',
    choices: whole.length > wholeLimit ? [] : projects.slice(0, choiceLimit).map(({ name }) => `${whole} in ${name}`),
  };
}

interface Match {
  readonly project: KnownProject;
  readonly id: string;
  readonly runbook: Runbook;
  readonly score: number;
  readonly corrections: readonly string[];
  /** The words that did not name the runbook: the values of its inputs are among them. */
  readonly rest: readonly string[];
}

function nameProject(text: string, { projects }: World) {
  const words = wordsOf(text);
  for (const project of projects) {
    const found = findPhrase(words, wordsOf(project.name));
    if (found === undefined) continue;
    const before = words[found.start - 1]?.toLowerCase();
    const start = before === 'in' || before === 'on' || before === 'of' ? found.start - 1 : found.start;
    const rest = [...words.slice(0, start), ...words.slice(found.end)];
    const corrections = found.exact
      ? []
      : [`Took “${words.slice(found.start, found.end).join(' ')}” for the project ${project.name}`];
    return { found: project, projects: [project], rest, corrections };
  }
  return { found: undefined, projects, rest: words, corrections: [] };
}

/** The place that words at the end name: "in nowhere", "on project nowhere". */
function placeIn(words: readonly string[]): string | undefined {
  const [before, last] = [words.at(-2)?.toLowerCase(), words.at(-1)];
  const at = before === 'project' ? words.at(-3)?.toLowerCase() : before;
  return at === 'in' || at === 'on' ? last : undefined;
}

function matchRunbooks(project: KnownProject, words: readonly string[]): readonly Match[] {
  return Object.entries(project.runbooks).flatMap(([id, runbook]) => {
    const phrases = [id, ...(runbook.name === undefined ? [] : [runbook.name]), ...runbook.aliases];
    const found = phrases
      .map((phrase) => ({ phrase, found: findPhrase(words, wordsOf(phrase)) }))
      .flatMap(({ phrase, found: place }) => (place === undefined ? [] : [{ phrase, place }]))
      .sort((a, b) => scoreOf(b.place) - scoreOf(a.place))[0];
    if (found === undefined) return [];
    const { place, phrase } = found;
    return [
      {
        project,
        id,
        runbook,
        score: scoreOf(place),
        rest: [...words.slice(0, place.start), ...words.slice(place.end)],
        corrections: place.exact ? [] : [`Took “${words.slice(place.start, place.end).join(' ')}” for “${phrase}”`],
      },
    ];
  });
}

/** Longer phrases say more; a spelling as written beats one that drifts; what comes first is what is asked for. */
function scoreOf(place: { readonly start: number; readonly end: number; readonly exact: boolean }): number {
  return (place.end - place.start) * 10 + (place.exact ? 5 : 0) - Math.min(place.start, 4);
}

function preferred(winners: readonly Match[], world: World): readonly Match[] {
  const here = winners.filter((match) => match.project.id === world.threadProjectId);
  return here.length === 0 ? winners : here;
}

/** Each choice says the whole request again where it is short, so that nothing of it is lost. */
function ambiguous(text: string, matches: readonly Match[]): Reading {
  const whole = text.trim().replace(/[.!?]+$/, '');
  const places = new Set(matches.map(({ project }) => project.id)).size;
  const choices = matches
    .slice(0, choiceLimit)
    .map((match) =>
      places === matches.length && whole.length <= wholeLimit
        ? `${whole} in ${match.project.name}`
        : `${match.runbook.name ?? match.id} in ${match.project.name}`,
    );
  return { kind: 'ambiguous', text: 'That fits more than one. Which do you mean?', choices };
}

function giveInputs(
  runbook: Runbook,
  rest: readonly string[],
  hints: { readonly named: Readonly<Record<string, string>>; readonly format?: string },
): { readonly given: Readonly<Record<string, string>>; readonly left: readonly string[] } {
  const given: Record<string, string> = {};
  const free = [...rest];
  for (const [name, input] of Object.entries(runbook.inputs)) {
    const named = hints.named[name.toLowerCase()];
    if (named !== undefined) given[name] = named;
    else if (input.type === 'enum' && hints.format !== undefined && input.options?.includes(hints.format))
      given[name] = hints.format;
    else {
      const plain =
        input.type === 'enum' || input.pattern !== undefined || input.type === 'number' || input.type === 'path';
      const at = plain ? free.findIndex((word) => fits(input, word)) : -1;
      if (at >= 0) given[name] = free.splice(at, 1)[0] ?? '';
      else if (
        input.type === 'string' &&
        input.pattern === undefined &&
        input.default === undefined &&
        free.length > 0
      ) {
        given[name] = free.splice(0).join(' ');
      }
    }
  }
  return { given, left: free };
}

/** How a person would ask for a runbook. */
function sayOf(id: string, runbook: Runbook): string {
  return runbook.aliases[0] ?? runbook.name ?? id;
}

function nearestOf(text: string, { projects }: World): readonly string[] {
  const asked = wordsOf(text).join(' ').toLowerCase().slice(0, 60);
  return projects
    .flatMap((project) =>
      Object.entries(project.runbooks).map(([id, runbook]) => ({
        say: sayOf(id, runbook),
        project,
      })),
    )
    .map(({ say, project }) => ({
      say: projects.length > 1 ? `${say} in ${project.name}` : say,
      distance: spellingDistance(asked, say.toLowerCase()),
    }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, choiceLimit)
    .map(({ say }) => say);
}
