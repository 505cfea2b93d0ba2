import { nothingSpent } from '#core/agents/budget.ts';
import type { AgentSpec } from '#core/agents/settings.ts';
import type { PlannedStep } from '#core/project-file/plan.ts';
import type { Question } from '#core/task/asked.ts';
import { type Note, revisionOf } from '#core/task/note.ts';
import type { Redactor } from '#core/text/redact.ts';
import type { ToolSocket } from '../../agents/mcp/listen.ts';
import type { RuntimeEvent, StepContext } from '../runtime.ts';
import { redactorOf } from './agent-process.ts';
import type { Asks } from './asks.ts';
import { createMeter, type Meter } from './budget.ts';
import type { AgentConnection } from './connect.ts';
import type { TurnWatch } from './turn.ts';
import { createUpdates, type Updates } from './updates.ts';

/** What an agent lets know beside its work. */
export interface Signs {
  /** Where the connection reports signs of life. */
  onSign: () => void;
  /** When the limit of its provider ends, if that is reached and the agent said so. */
  limitEnds?: Date | undefined;
}

/** What a talk with an agent is given. */
export interface ConversationOptions {
  readonly spec: AgentSpec;
  readonly step: PlannedStep;
  readonly context: StepContext;
  readonly agent: AgentConnection;
  readonly tools: ToolSocket;
  readonly signs: Signs;
  readonly show: (event: RuntimeEvent) => void;
  /** The same, and resolves when it is written down; never when the run is over before. */
  readonly record: (event: RuntimeEvent) => Promise<void>;
  /** Aborts when the run is to end. */
  readonly stop: AbortSignal;
  /** Ends the agent's process before the talk is over; nothing can be said to it then. */
  readonly endProcess: () => Promise<void>;
}

/** A talk with an agent about one step, and how far it is. */
export interface Conversation extends ConversationOptions {
  readonly updates: Updates;
  readonly meter: Meter;
  /** Takes the agent's secrets out of what it says, before anything is cut: half a secret would not be found. */
  readonly redactor: Redactor;
  /** Decisions that the agent has heard: each counts once. */
  readonly heardDecisions: Set<string>;
  /** Which words of each note were heard: that it is no longer waiting is known a moment later. */
  readonly heardNotes: Map<string, number>;
  /** Answers to a form, with files that a form has no place for. */
  readonly answersToTell: Question[];
  /** Times that it was told to go on after a limit of its own. */
  continues: number;
  /** What came to its mailbox up to this place its session has been told; 0: nothing. */
  mailHeard: number;
  /** What of that is written down. */
  mailNoted: number;
  /** What the agent says now was said before, and is shown already. */
  replaying: boolean;
  /** Of the turn under way. */
  watch?: TurnWatch;
  asks?: Asks;
}

export function newConversation(options: ConversationOptions): Conversation {
  const { context, step, show, spec } = options;
  const redactor = redactorOf(spec);
  const work = context.task.steps.find(({ plan }) => plan.id === step.id)?.agent;
  const meter = createMeter(
    work?.spent ?? nothingSpent,
    work?.session === undefined ? 0 : (work.usage?.cost?.amount ?? 0),
  );
  return {
    ...options,
    meter,
    redactor,
    updates: createUpdates({ folder: context.folder, stepId: step.id, show, meter, redactor }),
    heardDecisions: new Set(),
    heardNotes: new Map(),
    answersToTell: [],
    continues: 0,
    mailHeard: 0,
    mailNoted: 0,
    replaying: false,
  };
}

/** What people were asked in this step. */
export function questionsOf({ context, step }: Conversation): readonly Question[] {
  return context.talk.now().questions.filter(({ about }) => about.kind === 'agent' && about.stepId === step.id);
}

/** Whether people said something that the agent has not heard. */
export function hasNews(talk: Conversation): boolean {
  return talk.answersToTell.length > 0 || newSteering(talk).length > 0;
}

/** Instructions of people that the agent has not heard, or not in these words. */
export function newSteering({ context, heardNotes }: Conversation): readonly Note[] {
  const { notes } = context.talk.now();
  return notes.filter((note) => note.kind === 'steer' && heardNotes.get(note.id) !== revisionOf(note));
}
