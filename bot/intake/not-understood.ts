import type { Card } from '#core/chat/card.ts';
import type { Manner } from '#core/preferences/preference.ts';
import { showUnknown } from '#core/show/replies.ts';
import { joinWords } from '#core/text/list.ts';
import { shorten } from '#core/text/shorten.ts';
import type { Reading } from '#core/understand/understand.ts';
import { noticeCard } from '../commands/cards.ts';
import type { LoadedProject } from '../project-file/load.ts';
import type { Request } from './prepare-task.ts';

type NotUnderstood = Reading & { readonly kind: 'unknown' | 'no-request' | 'several' | 'unknown-project' };

/** Why nothing is done, with what could be said instead. */
export function notUnderstood(
  request: Pick<Request, 'messageId' | 'text' | 'said' | 'from'>,
  reading: NotUnderstood,
  loaded: readonly LoadedProject[],
  manner: Manner,
): Card {
  if (reading.kind === 'unknown-project') return noSuchProject(reading, loaded);
  const broken = loaded.flatMap((each) => (each.ok ? [] : [each]));
  const named = broken.find(({ project }) => reading.kind === 'unknown' && project.projectId === reading.projectId);
  if (named !== undefined) return unusable(`${named.project.name} can not be worked on now`, [named.problem]);
  const problems = broken.map(({ problem }) => problem);
  if (broken.length === loaded.length && broken.length > 0)
    return unusable('No project can be worked on now', problems);
  const why = whyNotBegun(reading) ?? problems.slice(0, namedProblems).join(' ');
  return showUnknown({
    messageId: request.messageId,
    heard: request.said ?? request.text,
    from: request.from,
    ...(why === '' ? {} : { why }),
    ...(reading.kind === 'unknown' ? {} : { title: notBegun[reading.kind] }),
    nearest: reading.nearest,
    manner,
  });
}

/** What is said over a message that is understood, and yet begins nothing. */
const notBegun = { 'no-request': 'I heard no request', several: 'That is more than one request' } as const;

function whyNotBegun(reading: NotUnderstood): string | undefined {
  if (reading.kind === 'no-request') return reading.why;
  return reading.kind === 'several' ? 'Ask for one, or for all of them as a list with one in a line.' : undefined;
}

/** So many broken projects are named where they may be why a request was not understood. */
const namedProblems = 3;

/** Nothing can be started, for these reasons. */
export function unusable(title: string, problems: readonly string[]): Card {
  return noticeCard(title, 'warning', [...problems.slice(0, 10), 'Nothing was started.']);
}

function noSuchProject(
  { named, say }: Reading & { readonly kind: 'unknown-project' },
  loaded: readonly LoadedProject[],
): Card {
  const names = loaded.map(({ project }) => project.name);
  return noticeCard(`There is no project “${shorten(named, 60)}”`, 'warning', [
    `Known are ${joinWords(names.slice(0, 10))}. You can write, for example: ${say} in ${names[0]}`,
    'Nothing was started. “add project <path or git URL>” brings a new one.',
  ]);
}

/** An agent is wanted that no worker has. */
export function noSuchAgent(named: string): Card {
  return noticeCard(`${shorten(named, 60)} is not installed`, 'warning', [
    'No worker has that agent. Nothing was started. “npm run doctor” on the worker says which agents there are and how to install one.',
  ]);
}
