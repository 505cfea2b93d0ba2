import { encodeAction } from '#core/chat/button.ts';
import type { Block } from '#core/chat/card.ts';
import { line } from './limits.ts';

/** What a person's own page shows of all that waits. */
export interface InboxFilter {
  /** `mine`: what he may answer. */
  readonly whose: 'mine' | 'all';
  /** What ends first at the top, the oldest, or only what is urgent. */
  readonly urgency: 'soonest' | 'oldest' | 'urgent';
  /** Only in this project. */
  readonly projectId?: string;
  /** Only what waits for this one, or what he asked for; it stands in the place of `whose`. */
  readonly personId?: string;
}

/** The same where nobody chose. */
export const usualFilter: InboxFilter = { whose: 'mine', urgency: 'soonest' };

interface NamedProject {
  readonly projectId: string;
  readonly name: string;
}

/** Projects that a menu offers: with “any” as many as Slack's menus take. */
const mostProjects = 99;

/** Who is chosen in the menu of people. */
export type ChosenPerson = NonNullable<Extract<Block, { kind: 'person' }>['chosen']>;

/**
 * The menus of a filter: choosing changes it at once. A chosen project that is gone counts as none. Of people the platform has a menu
 * of its own, in which nobody can be chosen no more: that is in the first menu.
 */
export function filterMenus(
  filter: InboxFilter,
  projects: readonly NamedProject[],
  person?: ChosenPerson,
): readonly Block[] {
  const shown = projects.slice(0, mostProjects);
  const project = shown.find(({ projectId }) => projectId === filter.projectId)?.projectId ?? any;
  return [
    menu(
      'Whose',
      'w',
      {
        mine: 'What I may answer',
        all: 'Everybody’s',
        ...(person === undefined ? {} : { person: `Of ${line(person.name, 60)}` }),
      },
      person === undefined ? filter.whose : 'person',
    ),
    {
      kind: 'person',
      label: 'Of one person',
      action: encodeAction({ verb: 'filter', subject: 'inbox', choice: 'person' }),
      ...(person === undefined ? {} : { chosen: person }),
    },
    menu('Project', 'p', { [any]: 'Any', ...Object.fromEntries(shown.map(namedOption)) }, project),
    menu(
      'Urgency',
      'u',
      { soonest: 'What ends first', oldest: 'Oldest first', urgent: 'Only what is urgent' },
      filter.urgency,
    ),
  ];
}

const any = 'any';

function namedOption({ projectId, name }: NamedProject): readonly [string, string] {
  return [projectId, line(name, 60)];
}

function menu(label: string, part: string, options: Readonly<Record<string, string>>, chosen: string): Block {
  const actionOf = (value: string) => encodeAction({ verb: 'filter', subject: 'inbox', choice: `${part}-${value}` });
  return {
    kind: 'select',
    label,
    options: Object.entries(options).map(([value, words]) => ({ label: words, action: actionOf(value) })),
    chosen: actionOf(chosen),
  };
}

/** The filter with what was chosen in one of its menus; `undefined` for what no menu offers. */
export function chooseFilter(filter: InboxFilter, choice: string, personId?: string): InboxFilter | undefined {
  if (choice === 'person') return personId === undefined ? undefined : { ...filter, personId };
  const [, part, value = ''] = /^([wpu])-([\w-]+)$/.exec(choice) ?? [];
  if (part === 'p') {
    const { projectId: _, ...rest } = filter;
    return value === any ? rest : isUuid(value) ? { ...rest, projectId: value } : undefined;
  }
  if (part === 'w') {
    const { personId: _, ...rest } = filter;
    // What is chosen already.
    if (value === 'person' && filter.personId !== undefined) return filter;
    return value === 'mine' || value === 'all' ? { ...rest, whose: value } : undefined;
  }
  if (part === 'u' && (value === 'soonest' || value === 'oldest' || value === 'urgent')) {
    return { ...filter, urgency: value };
  }
  return undefined;
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
