import type { Completion, OptionKind, Sender } from '#core/chat/adapter.ts';
import { shorten } from '#core/text/shorten.ts';
import { memberNames } from '#db/intake/members.ts';
import { listProjects } from '#db/projects/projects.ts';
import { findTasks } from '#db/tasks/find-tasks.ts';
import type { Application } from '../application.ts';
import { actorFrom } from '../newcomer-role.ts';
import { memberAt } from '../viewers.ts';
import { requests } from './table.ts';

/** Discord shows 25 completions, and 100 characters of each: the least of all platforms. */
const completionLimit = 25;
const labelLimit = 100;
/** Tasks that are looked through, those under way first. */
const taskLimit = 200;
/** People that are looked through, by name. */
const peopleLimit = 1000;

/** Who types, on which platform. */
export interface Typist {
  readonly platform: string;
  readonly sender: Sender;
}

/** Completes an option by what is typed so far. Every member may see projects and what they declare, of tasks only what he may. */
export async function complete(
  application: Application,
  kind: OptionKind,
  { typed, ...typist }: Typist & { readonly typed: string },
): Promise<readonly Completion[]> {
  const words = typed.trim().toLowerCase();
  return (await remembered(application, kind, typist))
    .filter(({ value, label }) => value.toLowerCase().includes(words) || label.toLowerCase().includes(words))
    .filter(({ value }) => value.length <= labelLimit)
    .slice(0, completionLimit)
    .map(({ value, label }) => ({ value, label: shorten(label, labelLimit) }));
}

interface Remembered {
  readonly at: number;
  readonly candidates: readonly Completion[];
}

/** What there was to complete from, by application and kind, tasks by person too: a menu is filled anew with each letter. */
const memory = new WeakMap<Application, Map<string, Remembered>>();

/** Menus that are remembered: with more people than this at once, those who typed first wait again. */
const rememberedMenus = 500;

/** What is older than this is looked up anew behind the answer, and what is older than that before it; in milliseconds. */
const freshMs = 1000;
const staleMs = 20_000;

async function remembered(application: Application, kind: OptionKind, typist: Typist): Promise<readonly Completion[]> {
  const known = memory.get(application) ?? new Map<string, Remembered>();
  memory.set(application, known);
  const key = kind === 'task' ? `task ${typist.platform} ${typist.sender.externalId}` : kind;
  const found = known.get(key);
  const age = found === undefined ? Number.POSITIVE_INFINITY : performance.now() - found.at;
  if (found !== undefined && age < freshMs) return found.candidates;
  const looked = candidates(application, kind, typist).then((all) => {
    const [oldest] = known.keys();
    if (known.size >= rememberedMenus && oldest !== undefined) known.delete(oldest);
    known.set(key, { at: performance.now(), candidates: all });
    return all;
  });
  if (found === undefined || age > staleMs) return looked;
  looked.catch((error: unknown) => application.log.warn({ error, kind }, 'what completes an option could not be read'));
  return found.candidates;
}

async function candidates(application: Application, kind: OptionKind, typist: Typist): Promise<readonly Completion[]> {
  switch (kind) {
    case 'project':
      return (await listProjects(application.db)).map(({ name }) => ({ value: name, label: name }));
    case 'holder': {
      const holders = [
        { value: 'me', label: 'me' },
        { value: 'channel', label: 'this channel' },
      ];
      return [...holders, ...(await candidates(application, 'project', typist))];
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
      const { platform, sender } = typist;
      const member = await actorFrom(application.db, platform, sender);
      const { tasks } = await findTasks(application.db, { eyes: memberAt(member) }, { limit: taskLimit });
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
