import type { Runbook } from '#core/project-file/schema.ts';
import { isFiller } from './agent-request.ts';
import { partsOf } from './left-over.ts';
import { findPhrase, wordsOf } from './phrases.ts';
import type { KnownProject } from './understand.ts';

/** A runbook that words name. */
export interface Match {
  readonly project: KnownProject;
  readonly id: string;
  readonly runbook: Runbook;
  readonly score: number;
  /** Where among the words it is named. */
  readonly start: number;
  readonly corrections: readonly string[];
  /** The words that did not name the runbook: the values of its inputs are among them. */
  readonly rest: readonly string[];
}

/** The runbooks of a project that words name, by id, name or alias, with spelling drift. */
export function matchRunbooks(project: KnownProject, words: readonly string[]): readonly Match[] {
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
        start: place.start,
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

/** One of several requests: how it is said by itself, and what it does. */
interface NamedAsk {
  readonly say: string;
  readonly meaning: string;
}

/** The requests of a sentence that is nothing but runbooks of one project, joined by "and", "then" or the like; else none. */
export function severalIn(
  project: KnownProject,
  words: readonly string[],
  { projects }: { readonly projects: readonly KnownProject[] },
): readonly NamedAsk[] {
  const asks = partsOf(words).map((part) => {
    const matches = matchRunbooks(project, part).filter(({ start }) => part.slice(0, start).every(isFiller));
    const best = matches.toSorted((one, other) => other.score - one.score)[0];
    if (best === undefined) return [];
    const say = part.slice(best.start).join(' ');
    return [
      { id: best.id, say: projects.length > 1 ? `${say} in ${project.name}` : say, meaning: best.runbook.summary },
    ];
  });
  const runbooks = new Set(asks.flat().map(({ id }) => id));
  return runbooks.size < asks.length ? [] : asks.flat().map(({ say, meaning }) => ({ say, meaning }));
}
