import { dayLimits, type Limits, type Reached, reached } from '#core/agents/budget.ts';
import type { AgentLimits } from '#core/agents/settings.ts';
import type { AgentSpent } from '#core/task/agent-work.ts';
import type { Question, QuestionOption } from '#core/task/asked.ts';
import type { TaskState } from '#core/task/state.ts';
import type { StepEnd } from '../runtime.ts';
import type { Conversation } from './conversation.ts';

/** A limit that is reached: what is asked, and whom. */
export interface OverBudget {
  readonly text: string;
  readonly options: readonly QuestionOption[];
  /** What is taken when nobody answers: nothing more is spent. */
  readonly otherwise: string;
  /** Only who may approve decides about the limits of a day. */
  readonly needs?: 'decide';
}

/** The first option of a question about a limit, by what the limit is of: each "Go on" gives as much again. */
const goOn = { task: 'go-on', person: 'go-on-person', project: 'go-on-project' } as const;
type LimitOf = keyof typeof goOn;

const stopHere = 'Stop here';

/** Whether an answer lets the agent go on beyond its limit. */
export function goesOnBeyond(question: Question): boolean {
  return question.answer === optionsOf('task')[0]?.label;
}

/**
 * What was decided at a limit of this step, if that was to stop there and no run was left to hear it: the run had been parked, and
 * this one was started by the answer, or by the end of the wait for one. An answer from before the last end of the task was heard then: a retry asks anew.
 */
export function stopDecided(task: TaskState, stepId: string): Question | undefined {
  const heard = task.earlierFailures.at(-1)?.at ?? task.startedAt ?? task.createdAt;
  const limits: readonly string[] = Object.values(goOn);
  const last = task.questions
    .filter(({ about, options }) => about.stepId === stepId && limits.includes(options[0]?.value ?? ''))
    .at(-1);
  if (last?.answeredAt === undefined || last.answeredAt <= heard || goesOnBeyond(last)) return undefined;
  return last;
}

/** How a step ends that is stopped at its limit: by a person, or because nobody said that it goes on. */
export function stoppedAtLimit({ status, answeredBy }: Question): StepEnd {
  const why = status === 'timed-out' ? ', for nobody answered in time' : ` by ${answeredBy?.name ?? 'somebody'}`;
  return { type: 'failed', reason: `Stopped at its limit${why}`, transient: false };
}

function optionsOf(of: LimitOf): readonly QuestionOption[] {
  return [
    { value: goOn[of], label: 'Go on' },
    { value: 'stop', label: stopHere },
  ];
}

/** The limit that a step has reached: of its task, of its person's day, of its project's; `undefined` while it is within all. */
export function overBudget(
  talk: Conversation,
  asked: readonly Question[],
  spent: AgentSpent = talk.meter.now(),
): OverBudget | undefined {
  const { spec, context, step } = talk;
  const { task, spending, budgets } = context;
  const today = spending.today(step.id, spent);
  const allowed = (of: LimitOf) =>
    1 + asked.filter((each) => goesOnBeyond(each) && each.options[0]?.value === goOn[of]).length;
  const used = reached(spent, taskLimits(spec.limits), allowed('task'));
  if (used !== undefined)
    return {
      text: `${spec.name} has used ${used.used} on #${task.number}; its limit is ${used.limit}. Shall it go on?`,
      options: optionsOf('task'),
      otherwise: stopHere,
    };
  const ofDay = (of: 'person' | 'project', limits: Limits) => reached(today[of], limits, allowed(of));
  const person = ofDay('person', dayLimits(budgets.per_person));
  if (person !== undefined) return dayWords(`For ${task.requester.name}`, person, 'person');
  const project = [budgets.per_project, step.agent?.budget ?? {}]
    .map((budget) => ofDay('project', dayLimits(budget)))
    .find((each) => each !== undefined);
  return project === undefined ? undefined : dayWords(`In ${task.project.name}`, project, 'project');
}

function dayWords(who: string, { used, limit }: Reached, of: LimitOf): OverBudget {
  return {
    text: `${who} agents have used ${used} today; the limit of a day is ${limit}. Shall it go on?`,
    options: optionsOf(of),
    otherwise: stopHere,
    needs: 'decide',
  };
}

function taskLimits({ turns, timeMs, tokens, cost }: AgentLimits): Limits {
  return { turns, timeMs, tokens, cost };
}

/** Counts what a step uses, on top of what its earlier runs used: a park or a crash begins nothing anew. */
export interface Meter {
  now(): AgentSpent;
  turn(): void;
  /** The clock stands still while a person is awaited, and between turns. */
  working(working: boolean): void;
  /** What a session has cost so far, as its agent says it. */
  cost(amount: number, currency: string): void;
  tokens(count: number): void;
}

export function createMeter(before: AgentSpent, sessionCost: number): Meter {
  let { turns, timeMs, tokens, cost, currency } = before;
  let last = sessionCost;
  let since: number | undefined;

  function settle(): void {
    if (since === undefined) return;
    const now = performance.now();
    timeMs += now - since;
    since = now;
  }

  return {
    now() {
      settle();
      return { turns, timeMs: Math.round(timeMs), tokens, cost, ...(currency === undefined ? {} : { currency }) };
    },
    turn() {
      turns += 1;
    },
    working(working) {
      settle();
      since = working ? performance.now() : undefined;
    },
    cost(amount, its) {
      // A session that begins anew counts from nothing.
      cost += amount >= last ? amount - last : amount;
      last = amount;
      currency = its;
    },
    tokens(count) {
      tokens += count;
    },
  };
}
