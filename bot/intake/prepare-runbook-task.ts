import type { Choice } from '#core/preferences/preference.ts';
import { heldChoice } from '#core/preferences/resolve.ts';
import { formatInput, formatsOf } from '#core/project-file/format-input.ts';
import { checkInputs } from '#core/project-file/inputs.ts';
import { memorySaid } from '#core/project-file/memory.ts';
import { buildPlan, planChecks } from '#core/project-file/plan.ts';
import type { Runbook } from '#core/project-file/schema.ts';
import type { Understanding } from '#core/task/understanding.ts';
import { joinWords } from '#core/text/list.ts';
import { plainText } from '#core/text/sanitise.ts';
import { shorten } from '#core/text/shorten.ts';
import { priorityOf } from '#core/understand/priority.ts';
import type { Reading } from '#core/understand/understand.ts';
import { choicesOfMessage } from '#db/preferences/preferences.ts';
import type { Application } from '../application.ts';
import type { ReadyProject } from '../project-file/load.ts';
import { chosenWords } from './chosen-words.ts';
import { howAsked } from './how-asked.ts';
import { lateWords, type Prepared, type Request } from './prepare-task.ts';

export type RunbookReading = Reading & { readonly kind: 'task' };

/** What is done, and where. */
export interface Understood {
  readonly reading: RunbookReading;
  readonly place: ReadyProject;
  /** Of the project as it is now. */
  readonly notes: readonly string[];
  /** What the request says that it is to work on; none: it does not say. */
  readonly scope: readonly string[];
}

/** A task that carries out a runbook; inputs that it lacks are asked for. */
export async function prepareRunbookTask(
  application: Application,
  request: Request,
  understood: Understood,
): Promise<Prepared> {
  const { reading, place } = understood;
  const runbook = place.file.runbooks[reading.runbookId];
  if (runbook === undefined) throw new RangeError('a reading names what it was given');
  const name = runbook.name ?? reading.runbookId;
  const said = { ...reading.given, ...request.given };
  const format = await preferredFormat(application, request, { runbook, place, said });
  const inputs = checkInputs(runbook, format === undefined ? said : { ...said, [formatInput]: format.value });
  const project = { id: place.project.projectId, name: place.project.name };
  if (!inputs.ok) {
    const { problems } = inputs;
    return {
      kind: 'ask',
      wanted: { kind: 'inputs', project, runbook: { id: reading.runbookId, name }, given: said, problems },
    };
  }
  const why = format === undefined ? [] : [`As ${chosenWords(format.value.toUpperCase(), format)}`];
  const explained = { ...understood, runbook, name, inputs: inputs.values, notes: [...understood.notes, ...why] };
  const { priority, wanted } = priorityOf(reading.priority, runbook.priority);
  const given = Object.entries(inputs.values).filter(([input]) => said[input] !== undefined);
  return {
    kind: 'task',
    task: {
      project,
      runbook: { id: reading.runbookId, name },
      title: titleOf(
        name,
        given.map(([, value]) => value),
      ),
      request: plainText(request.said ?? request.text, { maxLength: 10_000 }),
      understanding: {
        ...understandingOf(request, explained),
        ...howAsked(application, place.file),
        ...memorySaid(place.file),
        ...wanted,
      },
      steps: buildPlan(runbook, inputs.values),
      priority,
      after: reading.after,
    },
  };
}

interface Format {
  readonly runbook: Runbook;
  readonly place: ReadyProject;
  readonly said: Readonly<Record<string, string>>;
}

/** The choice of a format, where the runbook offers it and the request names none. */
async function preferredFormat(
  { db }: Application,
  { messageId }: Request,
  { runbook, place, said }: Format,
): Promise<Choice | undefined> {
  const formats = formatsOf(runbook);
  if (formats.length === 0 || said[formatInput] !== undefined) return undefined;
  const held = heldChoice('format', await choicesOfMessage(db, messageId, place.project.projectId));
  return held !== undefined && formats.includes(held.value) ? held : undefined;
}

/** A runbook's name and what was given for its inputs: "Release 1.2.0". */
export function titleOf(name: string, values: readonly string[]): string {
  return shorten([name, ...values].join(' '), 100);
}

interface Explained extends Understood {
  readonly runbook: Runbook;
  readonly name: string;
  readonly inputs: Readonly<Record<string, string>>;
}

function understandingOf(
  { attachments, earlier, late, answers = [] }: Request,
  { reading, place, runbook, name, inputs, notes, scope }: Explained,
): Understanding {
  const outside = runbook.steps.filter((step) => step.reversible !== true).map((step) => `“${step.name}”`);
  const asks = runbook.steps.filter((step) => step.approve !== false).map((step) => `“${step.name}”`);
  return {
    heard: `${name} in ${place.project.name}: ${runbook.summary}`,
    corrections: [...(late ? [lateWords] : []), ...answers, ...reading.corrections, ...notes],
    inputs,
    scope: scope.length === 0 ? runbook.scope : scope,
    risk: runbook.risk ?? (outside.length > 0 ? 'medium' : 'low'),
    riskReason:
      outside.length > 0
        ? `${joinWords(outside)} can not be taken back by itself`
        : 'everything stays in a folder of its own until you deliver it',
    expects: [
      ...filesExpected(runbook.steps.flatMap((step) => step.outputs)),
      ...(asks.length === 0 ? [] : [`to ask before ${joinWords(asks)}`]),
    ],
    verify: planChecks(runbook.verify ?? place.file.verify),
    ...(runbook.concurrency === undefined ? {} : { concurrency: runbook.concurrency }),
    attachments,
    ...(earlier === undefined || earlier.length === 0 ? {} : { earlier }),
  };
}

/** What is declared; a step may publish more by itself. */
function filesExpected(globs: readonly string[]): readonly string[] {
  return globs.length === 0 ? [] : [`files: ${joinWords(globs)}, and what a step publishes besides`];
}
