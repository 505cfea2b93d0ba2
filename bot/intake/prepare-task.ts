import type { EarlierMessage } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import type { Viewer } from '#core/policy/visibility.ts';
import type { TaskAttachment } from '#core/task/understanding.ts';
import type { Place, Wanted } from '#core/understand/ask.ts';
import type { NewTask } from '#db/tasks/create-task.ts';
import { taskByNumber } from '#db/tasks/queries.ts';
import type { Application } from '../application.ts';
import { noticeCard } from '../commands/cards.ts';
import { mannerOf } from '../manner-of.ts';
import { projectNotes } from '../project-file/load.ts';
import { findScope } from './find-scope.ts';
import { type Known, readRequest } from './known.ts';
import { noSuchAgent, notUnderstood, unusable } from './not-understood.ts';
import { type AgentReading, prepareAgentTask } from './prepare-agent-task.ts';
import { prepareRunbookTask, type RunbookReading } from './prepare-runbook-task.ts';

/** Said where a message was found late. */
export const lateWords = 'This was found after Commander had been away, so it is taken up late';

/** What one request becomes: a task, a question that must be answered first, or the card that says why nothing is done. */
export type Prepared =
  | { readonly kind: 'task'; readonly task: Omit<NewTask, 'inboxId' | 'part' | 'threadId' | 'requester'> }
  | { readonly kind: 'ask'; readonly wanted: Wanted }
  | { readonly kind: 'answer'; readonly card: Card };

export interface Request {
  readonly text: string;
  /** As it was said, where that has words besides: which earlier outputs it is given. */
  readonly said?: string;
  readonly messageId: string;
  readonly from: string;
  /** What of other tasks it may name. */
  readonly viewer: Viewer;
  readonly threadProjectId?: string;
  readonly attachments: readonly TaskAttachment[];
  /** What was said in the thread before. */
  readonly earlier?: readonly EarlierMessage[];
  readonly late?: true;
  /** Where it is done, as a person chose when asked. */
  readonly place?: Place;
  /** Inputs that a person gave when asked. */
  readonly given?: Readonly<Record<string, string>>;
  /** What people answered, a sentence each. */
  readonly answers?: readonly string[];
}

/** Makes of a request what it becomes, with the projects as they are known. */
export async function prepareTask(application: Application, request: Request, known: Known): Promise<Prepared> {
  const reading = readRequest(known, request);
  switch (reading.kind) {
    case 'task':
    case 'agent':
      return prepareWork(application, request, { reading, known });
    case 'ambiguous':
      return { kind: 'ask', wanted: { ...reading, kind: 'place' } };
    case 'missing-agent':
      return { kind: 'answer', card: noSuchAgent(reading.named) };
    case 'unknown':
    case 'no-request':
    case 'several':
    case 'unknown-project': {
      const manner = await mannerOf(application.db, request.messageId);
      return { kind: 'answer', card: notUnderstood(request, reading, known.loaded, manner) };
    }
  }
}

interface Understood {
  readonly reading: RunbookReading | AgentReading;
  readonly known: Known;
}

/** What is asked for is clear: whether it can begin there now. */
async function prepareWork(
  application: Application,
  request: Request,
  { reading, known }: Understood,
): Promise<Prepared> {
  const place = known.usable.find(({ project }) => project.projectId === reading.projectId);
  if (place === undefined) {
    const broken = known.loaded.find(({ project }) => project.projectId === reading.projectId);
    const problems = broken === undefined || broken.ok ? [] : [broken.problem];
    return { kind: 'answer', card: unusable('That project can not be worked on now', problems) };
  }
  const state = await projectNotes(application.home, place);
  if (!state.ok)
    return { kind: 'answer', card: unusable(`${place.project.name} can not be worked on now`, [state.problem]) };
  const declared = reading.kind === 'task' ? place.file.runbooks[reading.runbookId]?.scope : undefined;
  const found = await findScope(application.home, place.project, { files: reading.files, declared });
  if (!found.ok) return { kind: 'answer', card: unusable('Those files can not be what it works on', found.problems) };
  const { notes } = state;
  const { scope } = found;
  const prepared =
    reading.kind === 'task'
      ? await prepareRunbookTask(application, request, { reading, place, notes, scope })
      : await prepareAgentTask(application, request, { reading, place, notes, scope, agents: known.agents });
  if (prepared.kind !== 'task') return prepared;
  return (await missingBefore(application, reading.after, request.viewer)) ?? prepared;
}

/** The answer where a task is to wait for one that there is not. */
async function missingBefore(
  { db }: Application,
  after: readonly number[],
  viewer: Viewer,
): Promise<Prepared | undefined> {
  for (const number of after) {
    if ((await taskByNumber(db, number, viewer)) === undefined) {
      const title = `There is no task #${number} that you can see`;
      return {
        kind: 'answer',
        card: noticeCard(title, 'warning', ['So nothing can wait for it. Nothing was started.']),
      };
    }
  }
  return undefined;
}
