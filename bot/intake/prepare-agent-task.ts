import type { NamedAgent } from '#core/agents/catalogue.ts';
import { type Reviewer, reviewerWords } from '#core/agents/reviewer.ts';
import { heldChoice } from '#core/preferences/resolve.ts';
import { memorySaid } from '#core/project-file/memory.ts';
import { type PlannedStep, planChecks } from '#core/project-file/plan.ts';
import type { Understanding } from '#core/task/understanding.ts';
import { plainText } from '#core/text/sanitise.ts';
import { shorten } from '#core/text/shorten.ts';
import { priorityOf } from '#core/understand/priority.ts';
import type { Reading } from '#core/understand/understand.ts';
import { choicesOfMessage } from '#db/preferences/preferences.ts';
import type { Application } from '../application.ts';
import type { ReadyProject } from '../project-file/load.ts';
import { chosenWords } from './chosen-words.ts';
import { findReviewer } from './find-reviewer.ts';
import { type Asked, howAsked } from './how-asked.ts';
import { noSuchAgent, unusable } from './not-understood.ts';
import { lateWords, type Prepared, type Request } from './prepare-task.ts';

export type AgentReading = Reading & { readonly kind: 'agent' };

interface ForAgent {
  readonly reading: AgentReading;
  readonly place: ReadyProject;
  /** Of the project as it is now. */
  readonly notes: readonly string[];
  /** What the request says that it is to work on; none: the whole project. */
  readonly scope: readonly string[];
  /** Those that are there, at least one. */
  readonly agents: readonly NamedAgent[];
}

/** A task for an agent: the one that the request names, else the project's, else what was chosen (core/preferences), else the first there is. */
export async function prepareAgentTask(
  application: Application,
  request: Request,
  { reading, place, notes, scope, agents }: ForAgent,
): Promise<Prepared> {
  const choices = await choicesOfMessage(application.db, request.messageId, reading.projectId);
  const chosen = heldChoice('agent', choices);
  const wanted = reading.agentId ?? place.file.agent ?? chosen?.value;
  const agent = wanted === undefined ? agents[0] : agents.find(({ id }) => id === wanted);
  if (agent === undefined) return { kind: 'answer', card: noSuchAgent(wanted ?? '') };
  const wish = reading.reviewer ?? place.file.reviewer;
  const found = await findReviewer(application.db, { wish, agent, agents, messageId: request.messageId });
  if (!found.ok && reading.reviewer !== undefined) {
    return { kind: 'answer', card: unusable('I do not know the reviewer', [found.problem]) };
  }
  const unknown = found.ok ? [] : [`${place.project.name} names a reviewer that can not be asked: ${found.problem}`];
  const byChoice = reading.agentId === undefined && place.file.agent === undefined ? chosen : undefined;
  const chosenBy = byChoice === undefined ? [] : [chosenWords(agent.name, byChoice)];
  return taskFor(request, {
    ...{ reading, place, agent, scope },
    reviewer: found.ok ? found.reviewer : undefined,
    asked: howAsked(application, place.file),
    notes: [...notes, ...chosenBy, ...unknown],
  });
}

/** What an agent is asked to do, and where. */
interface AgentTask extends Omit<ForAgent, 'agents'> {
  readonly agent: NamedAgent;
  readonly reviewer: Reviewer | undefined;
  readonly asked: Asked;
}

/** Retries of an agent whose process ended by itself: it goes on in its session. */
const retries = { limit: 2, backoffMs: 5_000, on: ['transient'] } as const;

/** Nothing is cut off by time alone: silence and budget are watched by the agent's own limits. A week. */
const timeoutMs = 7 * 24 * 3_600_000;

/** A task with one step, which an agent does. */
function taskFor(request: Request, task: AgentTask): Prepared {
  const { reading, place, agent } = task;
  const { priority, wanted } = priorityOf(reading.priority);
  return {
    kind: 'task',
    task: {
      project: { id: place.project.projectId, name: place.project.name },
      runbook: { id: `agent:${agent.id}`, name: agent.name },
      title: shorten(plainText(reading.prompt, { singleLine: true }), 80),
      request: plainText(request.said ?? request.text, { maxLength: 10_000 }),
      understanding: { ...understandingOf(request, task), ...task.asked, ...memorySaid(place.file), ...wanted },
      steps: [agentStep(task)],
      priority,
      after: reading.after,
    },
  };
}

function agentStep({ agent, reviewer, reading, place, scope }: AgentTask): PlannedStep {
  const name = `${agent.name} works on it`;
  return {
    id: 's1',
    name,
    argv: [],
    env: {},
    cwd: '.',
    timeoutMs,
    retry: retries,
    reversible: true,
    safeToRepeat: true,
    steerable: true,
    agent: {
      id: agent.id,
      name: agent.name,
      prompt: [plainText(reading.prompt, { maxLength: 10_000 }), ...scopeWords(scope)].join('\n\n'),
      policy: place.file.policy,
      ...(reviewer === undefined ? {} : { reviewer }),
      ...(place.file.budget === undefined ? {} : { budget: place.file.budget }),
    },
    outputs: [],
    checkpoint: 'Done',
    declaration: { name, argv: [], env: {}, cwd: '.' },
  };
}

/** Told to the agent: what it does elsewhere is noticed when it is done. */
function scopeWords(scope: readonly string[]): readonly string[] {
  if (scope.length === 0) return [];
  const paths = scope.map((path) => JSON.stringify(path)).join(', ');
  return [`Change files of these paths only: ${paths}. People are told of every other file that changes.`];
}

function understandingOf(
  { attachments, earlier, late, answers = [] }: Request,
  { reading, place, agent, reviewer, notes, scope }: AgentTask,
): Understanding {
  const verify = planChecks(place.file.verify);
  const reviews =
    reviewer === undefined || verify.length === 0
      ? []
      : [`that ${reviewerWords(reviewer)} takes over, once, if it gets no further or can not mend failed checks`];
  return {
    heard: `${agent.name}${agent.model === undefined ? '' : ` (${agent.model})`} works on this in ${place.project.name}`,
    corrections: [...(late ? [lateWords] : []), ...answers, ...reading.corrections, ...notes],
    inputs: {},
    scope,
    risk: 'medium',
    riskReason: agent.sandboxed
      ? 'an agent decides what it does, in a sandbox'
      : 'an agent decides what it does, and its worker has no sandbox: what it may run can reach all that Commander’s user can',
    expects: [
      'changes in a folder of its own, until you deliver them',
      'to ask before what is not plainly safe',
      ...reviews,
    ],
    verify,
    attachments,
    ...(earlier === undefined || earlier.length === 0 ? {} : { earlier }),
  };
}
