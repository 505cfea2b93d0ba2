import type { Completion, OptionKind } from '#core/chat/adapter.ts';
import { shorten } from '#core/text/shorten.ts';
import { memberNames } from '#db/intake/members.ts';
import { listProjects } from '#db/projects/projects.ts';
import { findTasks } from '#db/tasks/find-tasks.ts';
import type { Application } from '../application.ts';
import { requests } from './table.ts';

/** Discord shows 25 completions, and 100 characters of each: the least of all platforms. */
const completionLimit = 25;
const labelLimit = 100;
/** Tasks that are looked through, those under way first. */
const taskLimit = 200;
/** People that are looked through, by name. */
const peopleLimit = 1000;

/** Completes an option by what is typed so far. Every member may see projects, what they declare, and tasks. */
export async function complete(
  application: Application,
  kind: OptionKind,
  typed: string,
): Promise<readonly Completion[]> {
  const words = typed.trim().toLowerCase();
  return (await remembered(application, kind))
    .filter(({ value, label }) => value.toLowerCase().includes(words) || label.toLowerCase().includes(words))
    .filter(({ value }) => value.length <= labelLimit)
    .slice(0, completionLimit)
    .map(({ value, label }) => ({ value, label: shorten(label, labelLimit) }));
}

interface Remembered {
  readonly at: number;
  readonly candidates: readonly Completion[];
}

/** What there was to complete from, by application and kind: a menu is filled anew with each letter. */
const memory = new WeakMap<Application, Map<OptionKind, Remembered>>();

/** What is older than this is looked up anew behind the answer, and what is older than that before it; in milliseconds. */
const freshMs = 1000;
const staleMs = 20_000;

async function remembered(application: Application, kind: OptionKind): Promise<readonly Completion[]> {
  const known = memory.get(application) ?? new Map<OptionKind, Remembered>();
  memory.set(application, known);
  const found = known.get(kind);
  const age = found === undefined ? Number.POSITIVE_INFINITY : performance.now() - found.at;
  if (found !== undefined && age < freshMs) return found.candidates;
  const looked = candidates(application, kind).then((all) => {
    known.set(kind, { at: performance.now(), candidates: all });
    return all;
  });
  if (found === undefined || age > staleMs) return looked;
  looked.catch((error: unknown) => application.log.warn({ error, kind }, 'what completes an option could not be read'));
  return found.candidates;
}

async function candidates(application: Application, kind: OptionKind): Promise<readonly Completion[]> {
  switch (kind) {
    case 'project':
      return (await listProjects(application.db)).map(({ name }) => ({ value: name, label: name }));
    case 'holder': {
      const holders = [
        { value: 'me', label: 'me' },
        { value: 'channel', label: 'this channel' },
      ];
      return [...holders, ...(await candidates(application, 'project'))];
    }
    case 'runbook':
    case 'request':
      return (await requests(application)).map(({ usage, summary }) => ({
        value: usage,
        label: `${usage}: ${summary}`,
      }));
    case 'person':
      return (await memberNames(application.db, peopleLimit)).map((name) => ({ value: name, label: name }));
    case 'task': {
      const { tasks } = await findTasks(application.db, {}, { limit: taskLimit });
      return tasks.map(({ number, title, status }) => ({
        value: `#${number}`,
        label: `#${number} ${title} (${status})`,
      }));
    }
    case 'text':
    case 'number':
      return [];
  }
}
