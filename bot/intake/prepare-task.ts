import type { NamedAgent } from '#core/agents/catalogue.ts';
import type { EarlierMessage } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { strictestDeciders } from '#core/policy/deciders.ts';
import type { Choice, Manner } from '#core/preferences/preference.ts';
import { heldChoice } from '#core/preferences/resolve.ts';
import { because } from '#core/preferences/why.ts';
import { formatInput, formatsOf } from '#core/project-file/format-input.ts';
import { checkInputs } from '#core/project-file/inputs.ts';
import { buildPlan, planChecks } from '#core/project-file/plan.ts';
import type { ProjectFile, Runbook } from '#core/project-file/schema.ts';
import { showUnknown } from '#core/show/replies.ts';
import type { TaskAttachment, Understanding } from '#core/task/state.ts';
import { joinWords } from '#core/text/list.ts';
import { formatMoment } from '#core/text/moment.ts';
import { plainText } from '#core/text/sanitise.ts';
import { shorten } from '#core/text/shorten.ts';
import type { Place, Wanted } from '#core/understand/ask.ts';
import { type Reading, understand } from '#core/understand/understand.ts';
import { choicesOfMessage } from '#db/preferences/preferences.ts';
import { listProjects, type Project, setConcurrency } from '#db/projects/projects.ts';
import { listRoutes } from '#db/projects/routes.ts';
import type { NewTask } from '#db/tasks/create-task.ts';
import { taskByNumber } from '#db/tasks/queries.ts';
import { listAgents } from '#db/workers/agents.ts';
import type { Application } from '../application.ts';
import { noticeCard } from '../commands/cards.ts';
import { mannerOf } from '../manner-of.ts';
import { type LoadedProject, loadProject, projectNotes } from '../project-file/load.ts';
import { findReviewer } from './find-reviewer.ts';
import { prepareAgentTask } from './prepare-agent-task.ts';

/** Said where a message was found by looking back. */
export const lateWords = 'This was found after Commander had been away, so it is taken up late';

/** What one request becomes: a task, a question that must be answered first, or the card that says why nothing is done. */
export type Prepared =
  | { readonly kind: 'task'; readonly task: Omit<NewTask, 'inboxId' | 'part' | 'threadId' | 'requester'> }
  | { readonly kind: 'ask'; readonly wanted: Wanted }
  | { readonly kind: 'answer'; readonly card: Card };

export interface Request {
  readonly text: string;
  readonly messageId: string;
  readonly from: string;
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

/** Makes of a request what it becomes, with the projects as they are now. */
export async function prepareTask(application: Application, request: Request): Promise<Prepared> {
  const { reading, agents, usable, loaded } = await readRequest(application, request);
  if (reading.kind === 'agent') return forAgent(application, request, { reading, agents, usable, loaded });
  if (reading.kind === 'ambiguous') return { kind: 'ask', wanted: { kind: 'place', choices: reading.choices } };
  if (reading.kind === 'missing-agent') return { kind: 'answer', card: noSuchAgent(reading.named) };
  if (reading.kind !== 'task')
    return {
      kind: 'answer',
      card: notUnderstood(request, reading, loaded, await mannerOf(application.db, request.messageId)),
    };
  const place = usable.find(({ project }) => project.projectId === reading.projectId);
  const runbook = place?.file.runbooks[reading.runbookId];
  if (place === undefined || runbook === undefined) throw new RangeError('a reading names what it was given');
  const state = await projectNotes(application.home, place);
  if (!state.ok)
    return { kind: 'answer', card: unusable(`${place.project.name} can not be worked on now`, [state.problem]) };
  return settle(application, request, { reading, place, runbook, notes: state.notes });
}

/** Reads words as a request, with the projects as they are now. Nothing changes but a project's limit, where its file says another. */
export async function readRequest(
  application: Application,
  { text, messageId, threadProjectId, place }: Pick<Request, 'text' | 'messageId' | 'threadProjectId' | 'place'>,
) {
  const { db } = application;
  const [projects, agents, routes, choices] = await Promise.all([
    listProjects(db),
    listAgents(db),
    listRoutes(db),
    choicesOfMessage(db, messageId),
  ]);
  const loaded = await Promise.all(projects.map((project) => loadProject(application.home, project)));
  const usable = loaded.flatMap((each) => (each.ok ? [each] : []));
  await followLimits(application, projects, usable);
  const reading: Reading = understand(text, {
    // One that can't be used now keeps its name: what is asked of it must not be done anywhere else.
    projects: loaded.map((each) => ({
      id: each.project.projectId,
      name: each.project.name,
      runbooks: each.ok ? each.file.runbooks : {},
    })),
    threadProjectId,
    routes,
    channelProject: heldChoice('project', choices),
    place,
    agents,
  });
  return { reading, agents, usable, loaded };
}

/** The limit of a project that its file says now is the one that admission goes by. */
async function followLimits(
  { db }: Application,
  projects: readonly Project[],
  usable: readonly (LoadedProject & { readonly ok: true })[],
): Promise<void> {
  for (const { project, file } of usable) {
    const stored = projects.find(({ projectId }) => projectId === project.projectId)?.concurrency;
    if (stored !== file.limits.concurrency) await setConcurrency(db, project.projectId, file.limits.concurrency);
  }
}

interface ForAgent {
  readonly reading: Reading & { readonly kind: 'agent' };
  /** At least one. */
  readonly agents: readonly NamedAgent[];
  readonly usable: readonly (LoadedProject & { readonly ok: true })[];
  readonly loaded: readonly LoadedProject[];
}

/** Which agent: the one that the request names, else the project's, else what was chosen (core/preferences), else the first there is. */
async function forAgent(
  application: Application,
  request: Request,
  { reading, agents, usable, loaded }: ForAgent,
): Promise<Prepared> {
  const place = usable.find(({ project }) => project.projectId === reading.projectId);
  if (place === undefined) {
    const problems = loaded.flatMap((each) =>
      !each.ok && each.project.projectId === reading.projectId ? [each.problem] : [],
    );
    return { kind: 'answer', card: unusable('That project can not be worked on now', problems) };
  }
  const state = await projectNotes(application.home, place);
  if (!state.ok)
    return { kind: 'answer', card: unusable(`${place.project.name} can not be worked on now`, [state.problem]) };
  const choices = await choicesOfMessage(application.db, request.messageId, reading.projectId);
  const chosen = heldChoice('agent', choices);
  const wanted = reading.agentId ?? place.file.agent ?? chosen?.value;
  const agent = wanted === undefined ? agents[0] : agents.find(({ id }) => id === wanted);
  if (agent === undefined) return { kind: 'answer', card: noSuchAgent(wanted ?? '') };
  const missing = await missingBefore(application, reading.after);
  const deciders = whoDecides(application, place.file);
  const wish = reading.reviewer ?? place.file.reviewer;
  const found = await findReviewer(application.db, { wish, agent, agents, messageId: request.messageId });
  if (!found.ok && reading.reviewer !== undefined) {
    return { kind: 'answer', card: unusable('I do not know the reviewer', [found.problem]) };
  }
  const unknown = found.ok ? [] : [`${place.project.name} names a reviewer that can not be asked: ${found.problem}`];
  const byChoice = reading.agentId === undefined && place.file.agent === undefined ? chosen : undefined;
  const chosenBy = byChoice === undefined ? [] : [chosenWords(agent.name, byChoice)];
  const notes = [...state.notes, ...chosenBy, ...unknown];
  const reviewer = found.ok ? found.reviewer : undefined;
  return missing ?? prepareAgentTask(request, { reading, place, agent, reviewer, deciders, notes });
}

/** A choice that decided, explained where it is used. */
function chosenWords(label: string, choice: Choice): string {
  return `${label}, ${because(choice)}, ${formatMoment(choice.setAt)}`;
}

function noSuchAgent(named: string): Card {
  return noticeCard(`${shorten(named, 60)} is not installed`, 'warning', [
    'No worker has that agent. Nothing was started. “npm run doctor” on the worker says which agents there are and how to install one.',
  ]);
}

interface Understood {
  readonly reading: Reading & { readonly kind: 'task' };
  readonly place: LoadedProject & { readonly ok: true };
  readonly runbook: Runbook;
  /** Of the project as it is now. */
  readonly notes: readonly string[];
}

async function settle(application: Application, request: Request, understood: Understood): Promise<Prepared> {
  const { reading, place, runbook } = understood;
  const name = runbook.name ?? reading.runbookId;
  const said = { ...reading.given, ...request.given };
  const format = await preferredFormat(application, request, understood, said);
  const inputs = checkInputs(runbook, format === undefined ? said : { ...said, [formatInput]: format.value });
  if (!inputs.ok) {
    const project = { id: place.project.projectId, name: place.project.name };
    const { problems } = inputs;
    return {
      kind: 'ask',
      wanted: { kind: 'inputs', project, runbook: { id: reading.runbookId, name }, given: said, problems },
    };
  }
  const missing = await missingBefore(application, reading.after);
  if (missing !== undefined) return missing;
  const why = format === undefined ? [] : [`As ${chosenWords(format.value.toUpperCase(), format)}`];
  const explained = { ...understood, notes: [...understood.notes, ...why] };
  const given = Object.entries(inputs.values).filter(([input]) => said[input] !== undefined);
  return {
    kind: 'task',
    task: {
      project: { id: place.project.projectId, name: place.project.name },
      runbook: { id: reading.runbookId, name },
      title: titleOf(
        name,
        given.map(([, value]) => value),
      ),
      request: plainText(request.text, { maxLength: 10_000 }),
      understanding: {
        ...understandingOf(explained, name, inputs.values, place.file, request),
        ...whoDecides(application, place.file),
      },
      steps: buildPlan(runbook, inputs.values),
      priority: reading.priority ?? runbook.priority,
      after: reading.after,
    },
  };
}

/** The choice of a format, where the runbook offers it and the request names none. */
async function preferredFormat(
  { db }: Application,
  { messageId }: Request,
  { runbook, place }: Understood,
  said: Readonly<Record<string, string>>,
): Promise<Choice | undefined> {
  const formats = formatsOf(runbook);
  if (formats.length === 0 || said[formatInput] !== undefined) return undefined;
  const held = heldChoice('format', await choicesOfMessage(db, messageId, place.project.projectId));
  return held !== undefined && formats.includes(held.value) ? held : undefined;
}

/** Only said where it is more than what every approval needs. */
function whoDecides({ approvals }: Application, file: ProjectFile): Pick<Understanding, 'deciders'> {
  const said = [approvals, file.approvals].filter((each) => each !== undefined);
  return said.length === 0 ? {} : { deciders: strictestDeciders(...said) };
}

/** The answer where a task is to wait for one that there is not. */
async function missingBefore({ db }: Application, after: readonly number[]): Promise<Prepared | undefined> {
  for (const number of after) {
    if ((await taskByNumber(db, number)) === undefined) {
      return {
        kind: 'answer',
        card: noticeCard(`There is no task #${number} to wait for`, 'warning', ['Nothing was started.']),
      };
    }
  }
  return undefined;
}

/** A runbook's name and what was given for its inputs: "Release 1.2.0". */
export function titleOf(name: string, values: readonly string[]): string {
  return shorten([name, ...values].join(' '), 100);
}

function understandingOf(
  { reading, place, runbook, notes }: Understood,
  name: string,
  inputs: Readonly<Record<string, string>>,
  file: ProjectFile,
  { attachments, earlier, late, answers = [] }: Request,
): Understanding {
  const outside = runbook.steps.filter((step) => step.reversible !== true).map((step) => `“${step.name}”`);
  const asks = runbook.steps.filter((step) => step.approve !== false).map((step) => `“${step.name}”`);
  return {
    heard: `${name} in ${place.project.name}: ${runbook.summary}`,
    corrections: [...(late ? [lateWords] : []), ...answers, ...reading.corrections, ...notes],
    inputs,
    scope: runbook.scope,
    risk: runbook.risk ?? (outside.length > 0 ? 'medium' : 'low'),
    riskReason:
      outside.length > 0
        ? `${joinWords(outside)} can not be taken back by itself`
        : 'everything stays in a folder of its own until you deliver it',
    expects: [
      ...filesExpected(runbook.steps.flatMap((step) => step.outputs)),
      ...(asks.length === 0 ? [] : [`to ask before ${joinWords(asks)}`]),
    ],
    verify: planChecks(runbook.verify ?? file.verify),
    ...(runbook.concurrency === undefined ? {} : { concurrency: runbook.concurrency }),
    attachments,
    ...(earlier === undefined || earlier.length === 0 ? {} : { earlier }),
  };
}

function notUnderstood(
  request: Request,
  reading: Exclude<Reading, { readonly kind: 'task' | 'agent' | 'missing-agent' | 'ambiguous' }>,
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
  const why = reading.kind === 'no-request' ? reading.why : problems.slice(0, namedProblems).join(' ');
  return showUnknown({
    messageId: request.messageId,
    heard: request.text,
    from: request.from,
    ...(why === '' ? {} : { why }),
    ...(reading.kind === 'no-request' ? { title: 'I heard no request' } : {}),
    nearest: reading.nearest,
    manner,
  });
}

/** So many broken projects are named where they may be why a request was not understood. */
const namedProblems = 3;

function unusable(title: string, problems: readonly string[]): Card {
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

/** What is declared; a step may publish more by itself. */
function filesExpected(globs: readonly string[]): readonly string[] {
  return globs.length === 0 ? [] : [`files: ${joinWords(globs)}, and what a step publishes besides`];
}
