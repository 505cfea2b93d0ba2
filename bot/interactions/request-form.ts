import type { ModalField } from '#core/chat/modal.ts';
import { listProjects } from '#db/projects/projects.ts';
import type { Application } from '../application.ts';
import { requests } from '../commands/table.ts';

/** What a form for a request begins with. */
export interface Beginning {
  readonly what: string;
  /** By name; absent: as the words say. */
  readonly project?: string;
}

/** The fields of a form that asks for work: four of the five that a form of Discord has. A platform says how many options have no room. */
export async function requestFields(
  application: Application,
  { what, project = '-' }: Beginning,
): Promise<readonly ModalField[]> {
  const projects = await listProjects(application.db);
  const known = [...new Set((await requests(application)).map(({ usage }) => usage))];
  const names = projects.map(({ name }) => name);
  const option = (value: string) => ({ value, label: value });
  return [
    { kind: 'text', name: 'what', label: 'What to do', value: what, multiline: true },
    {
      kind: 'select',
      name: 'project',
      label: 'Project',
      options: [{ value: '-', label: 'As written' }, ...names.map(option)],
      value: names.includes(project) ? project : '-',
    },
    {
      kind: 'select',
      name: 'runbook',
      label: 'What runs',
      options: [{ value: '-', label: 'As written' }, ...known.map(option)],
      value: '-',
    },
    {
      kind: 'select',
      name: 'priority',
      label: 'Priority',
      options: [
        { value: '-', label: 'As usual' },
        { value: '10', label: 'Urgent: before the others' },
        { value: '90', label: 'Low: when nothing else waits' },
      ],
      value: '-',
    },
  ];
}

/** A submitted form in words, as they would be said; empty when it does not say what to do. */
export function requestWords(values: Readonly<Record<string, string>>): string {
  const { what = '', project = '-', runbook = '-', priority = '-' } = values;
  if (what.trim() === '') return '';
  return [
    ...(runbook === '-' ? [] : [runbook]),
    what.trim(),
    ...(project === '-' ? [] : [`in ${project}`]),
    ...(priority === '-' ? [] : [`priority ${priority}`]),
  ].join(' ');
}
