import type { Completion, OptionKind } from '#core/chat/adapter.ts';
import { shorten } from '#core/text/shorten.ts';
import { listProjects } from '#db/projects/projects.ts';
import { listTasks } from '#db/tasks/queries.ts';
import type { Application } from '../application.ts';
import { requests } from './table.ts';

/** Discord shows 25 completions, and 100 characters of each: the least of all platforms. */
const completionLimit = 25;
const labelLimit = 100;
/** Tasks that are looked through, newest first. */
const taskLimit = 200;

/** Completes an option by what is typed so far. Every member may see projects, what they declare, and tasks. */
export async function complete(
  application: Application,
  kind: OptionKind,
  typed: string,
): Promise<readonly Completion[]> {
  const words = typed.trim().toLowerCase();
  return (await candidates(application, kind))
    .filter(({ value, label }) => value.toLowerCase().includes(words) || label.toLowerCase().includes(words))
    .filter(({ value }) => value.length <= labelLimit)
    .slice(0, completionLimit)
    .map(({ value, label }) => ({ value, label: shorten(label, labelLimit) }));
}

async function candidates(application: Application, kind: OptionKind): Promise<readonly Completion[]> {
  switch (kind) {
    case 'project':
      return (await listProjects(application.db)).map(({ name }) => ({ value: name, label: name }));
    case 'runbook':
    case 'request':
      return (await requests(application)).map(({ usage, summary }) => ({
        value: usage,
        label: `${usage}: ${summary}`,
      }));
    case 'task': {
      const tasks = await listTasks(application.db, { open: false, limit: taskLimit });
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
