import type { QuietSpell } from './quiet.ts';

/** What a coding agent does in a step, as far as people see it and another process can go on from it. */
export interface AgentWork {
  /** The session at the agent, to go on with when its process has ended. */
  readonly session?: AgentSession;
  /** The agent's own plan, as it stands. */
  readonly plan: readonly AgentPlanEntry[];
  readonly usage?: AgentUsage;
  /** All that was used on the step so far, by every run and every agent. */
  readonly spent?: AgentSpent;
  /** What it said last, when it was done with a turn. */
  readonly said?: string;
  /** Attempts that ended to wait for a person, or because another agent went on with them: no failed ones. */
  readonly parks: number;
  /** How often failed checks went back to it, or to its reviewer. */
  readonly fixes: number;
  /** What the checks said, while it is to be mended. */
  readonly feedback?: string;
  /** What a person says to it who was asked because it got no further; empty: just to try again. */
  readonly advice?: string;
  /** How it came from one agent to the next, oldest first. */
  readonly handOvers?: readonly HandOverRecord[];
  /** The one hand-over of a state that an earlier version stored. */
  readonly handOver?: HandOverRecord;
  /** When it last gave no sign of life. */
  readonly quiet?: QuietSpell;
  /** The person who was asked to review it, once, and said what to do. */
  readonly reviewer?: string;
}

/** A hand-over as it is written down. */
export interface HandOverRecord {
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  /** What keeps failing. */
  readonly blocker?: string;
  /** The first agent was at the limit of its provider, and not reviewed. */
  readonly atLimit?: true;
}

export interface AgentSession {
  /** The agent's id: another agent does not know the session. */
  readonly agent: string;
  readonly id: string;
  /** Mail that it has heard: up to this place in the mailbox; absent: none. */
  readonly mail?: number;
}

export interface AgentPlanEntry {
  readonly text: string;
  readonly status: 'pending' | 'in_progress' | 'completed';
}

/** What a session used so far, as the agent says it. */
export interface AgentUsage {
  /** Tokens in the agent's context now, and how many it may hold. */
  readonly used: number;
  readonly size: number;
  /** What it cost so far; absent where the agent does not know. */
  readonly cost?: { readonly amount: number; readonly currency: string };
}

/** What agents have used. Tokens and cost are what they say; nothing where they say nothing. */
export interface AgentSpent {
  readonly turns: number;
  /** Work; time in which a person was awaited is none. */
  readonly timeMs: number;
  readonly tokens: number;
  readonly cost: number;
  readonly currency?: string;
}

/** What a run tells of an agent's work; what is absent stays as it was. */
export type AgentChange = Partial<Pick<AgentWork, 'session' | 'plan' | 'usage' | 'spent' | 'said'>>;

/** How a permission that an agent asks for is shown. */
export interface PermissionAsked {
  readonly risk: 'low' | 'medium' | 'high';
  /** What "Always allow here" would allow, in words; absent: that is not offered. */
  readonly always?: string;
}

/** How a step came from one agent to the next, oldest first. */
export function handOversOf(work: AgentWork | undefined): readonly HandOverRecord[] {
  return work?.handOvers ?? (work?.handOver === undefined ? [] : [work.handOver]);
}

/** The work of an agent that has not begun. */
export const noAgentWork: AgentWork = { plan: [], parks: 0, fixes: 0 };
