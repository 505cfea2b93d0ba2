import type { AgentContext, ClientCapabilities, SessionUpdate, StopReason } from '@agentclientprotocol/sdk';
import type { Step } from './script.ts';
import type { Session } from './sessions.ts';
import type { Behaviour } from './settings.ts';

/** One prompt being worked on: what a step needs. */
export interface Turn {
  readonly client: AgentContext;
  /** What the client said that it can. */
  readonly clientCan: ClientCapabilities;
  readonly behaviour: Behaviour;
  readonly session: Session;
  /** Aborted by session/cancel, session/close or a `$/cancel_request` of the prompt. */
  readonly cancelled: AbortSignal;
  /** Settles when another prompt of this session arrived, or the turn was cancelled. */
  readonly steered: Promise<unknown>;
  /** Sends an update and stores it with the session. */
  update(update: SessionUpdate): Promise<void>;
  /** An id for a tool call that the script did not name: `write-1`, `run-2`, … */
  nextId(kind: string): string;
  perform(steps: readonly Step[]): Promise<Ending>;
}

/** Why a turn is over; `undefined` while it goes on. */
export type Ending = StopReason | undefined;

export type Performers = {
  readonly [Name in Step['do']]: (step: Extract<Step, { do: Name }>, turn: Turn) => Promise<Ending>;
};

/** Performs steps until one ends the turn or somebody cancels it. */
export async function performSteps(steps: readonly Step[], turn: Turn, performers: Performers): Promise<Ending> {
  for (const step of steps) {
    if (turn.cancelled.aborted) return 'cancelled';
    // The table maps each name to the performer of its own step, which the compiler cannot follow through a union.
    const perform = performers[step.do] as (step: Step, turn: Turn) => Promise<Ending>;
    const ending = await perform(step, turn);
    if (ending !== undefined) return ending;
  }
  return turn.cancelled.aborted ? 'cancelled' : undefined;
}

/** Resolves when a signal is aborted, at once if it already is. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
