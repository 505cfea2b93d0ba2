import type { Viewer } from '#core/policy/visibility.ts';
import type { TaskAttachment } from '#core/task/understanding.ts';
import { joinWords } from '#core/text/list.ts';
import { plainText } from '#core/text/sanitise.ts';
import type { Use } from '#core/understand/read-uses.ts';
import { findOutputs, type StoredOutput, storedOutput } from '#db/outputs/find-outputs.ts';
import { taskByNumber } from '#db/tasks/queries.ts';
import type { Application } from '../application.ts';
import { openOutput } from '../open-output.ts';
import { type FetchedAttachments, together } from './attachments.ts';

/** Earlier outputs that one request can be given: as many as a task may make. */
const givenLimit = 50;
/** Outputs of one task that are looked through. */
const mostVersions = 1000;

/** What is given to a request: by words, and by ids from a form. */
export interface Given {
  readonly uses: readonly Use[];
  readonly ids: readonly string[];
}

/**
 * Finds earlier outputs as inputs of a request, with where they come from. Their bytes stay where they are: the task reads the
 * same ones. What is not there, or not for this person, is told.
 */
export async function findGiven(application: Application, given: Given, viewer: Viewer): Promise<FetchedAttachments> {
  const named = await Promise.all(given.uses.map((use) => byWords(application, use, viewer)));
  const chosen = await Promise.all(given.ids.map((id) => byId(application, id, viewer)));
  const attachments: TaskAttachment[] = [];
  const problems: string[] = [];
  for (const each of [...named, ...chosen]) {
    if (!each.ok) problems.push(each.problem);
    else for (const output of each.outputs) await add(application, output, { attachments, problems });
  }
  if (attachments.length > givenLimit) problems.push(`A request can be given ${givenLimit} files at most.`);
  return problems.length === 0 ? { ok: true, attachments: together([], attachments) } : { ok: false, problems };
}

type Found =
  | { readonly ok: true; readonly outputs: readonly StoredOutput[] }
  | { readonly ok: false; readonly problem: string };

async function byWords({ db }: Application, { task: number, name, version }: Use, viewer: Viewer): Promise<Found> {
  const task = await taskByNumber(db, number, viewer);
  if (task === undefined) return { ok: false, problem: `There is no task #${number} that you can see.` };
  const { outputs } = await findOutputs(
    db,
    { eyes: viewer, taskId: task.id, versions: 'all' },
    { limit: mostVersions },
  );
  if (outputs.length === 0)
    return { ok: false, problem: `#${number} has made no file${task.finishedAt === undefined ? ' yet' : ''}.` };
  // They come newest first.
  const newest = outputs.filter((each, index) => outputs.findIndex(({ name }) => name === each.name) === index);
  if (name === undefined) return { ok: true, outputs: newest };
  const called = outputs.filter((each) => each.name.toLowerCase() === name.toLowerCase());
  const output = version === undefined ? called[0] : called.find((each) => each.version === version);
  if (output !== undefined) return { ok: true, outputs: [output] };
  const which = version === undefined ? '' : `, version ${version}`;
  const names = joinWords(
    newest.map((each) => shown(each.name)),
    { limit: 5 },
  );
  return { ok: false, problem: `#${number} has made no file ${shown(name)}${which}. It made ${names}.` };
}

async function byId({ db }: Application, id: string, viewer: Viewer): Promise<Found> {
  const output = await storedOutput(db, id, viewer);
  if (output === undefined) return { ok: false, problem: 'A file that was chosen is no longer known.' };
  return { ok: true, outputs: [output] };
}

async function add(
  application: Application,
  { id, name, mediaType, size, sha256, version, task }: StoredOutput,
  { attachments, problems }: { readonly attachments: TaskAttachment[]; readonly problems: string[] },
): Promise<void> {
  if (attachments.some(({ from }) => from?.outputId === id)) return;
  if ((await openOutput(application, id, 'commander')) === undefined) {
    problems.push(`${shown(name)} of #${task.number} is known, but its bytes are no longer kept.`);
    return;
  }
  const from = { outputId: id, taskId: task.id, task: task.number, version };
  attachments.push({ name, mediaType, size, sha256, from });
}

function shown(name: string): string {
  return `“${plainText(name, { singleLine: true, maxLength: 100 })}”`;
}
