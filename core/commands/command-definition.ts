import type { CommandOption } from '../chat/adapter.ts';
import type { Deed } from '../policy/roles.ts';

/**
 * What a command is, without how it is carried out: chat, help, completion, typed commands and the tools of agents are made
 * from it.
 */
export interface CommandDefinition {
  readonly name: string;
  /** Other ways to say it. */
  readonly aliases: readonly string[];
  /** One line for help. */
  readonly summary: string;
  /** How it is said, with its arguments: `cancel [#number]`. */
  readonly usage: string;
  /** Its arguments in their order, for platforms with typed commands. */
  readonly options: readonly CommandOption[];
  /** What a person must be allowed to use it at all; what he may do with one task is decided there. */
  readonly needs?: Deed;
  /** An agent may use it in its run, with the rights of the person it works for; absent: only people may. */
  readonly forAgents?: AgentUse;
}

/** A command as a tool of agents. */
export interface AgentUse {
  /** The tool's name: lower case letters and `_`. */
  readonly tool: string;
  /** How much of it a run sees, as a sentence for the agent. */
  readonly sees: string;
}
