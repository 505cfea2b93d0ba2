import type { z } from 'zod';
import type { CommandOption, ThreadAddress } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import type { Deed } from '#core/policy/roles.ts';
import type { TaskState } from '#core/task/state.ts';
import type { Actor } from '#db/tasks/change-task.ts';
import type { Application } from '../application.ts';

/** Who commands, and where. */
export interface CommandContext {
  readonly application: Application;
  readonly actor: Actor;
  /** What was said after the command's name, as it was written: words alone lose how many spaces a path has. */
  readonly said: string;
  readonly thread: ThreadAddress;
  /** The newest task of the thread, which commands without a number are about. */
  readonly threadTask?: TaskState;
}

/**
 * One command, defined once: the parser of chat messages, help and completion are made from it.
 */
export interface Command {
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
  /** Carries it out; `words` are those after the name. The answer is shown in the thread; none when cards of a task say it. */
  run(words: readonly string[], context: CommandContext): Promise<readonly Card[]>;
}

/** Defines a command whose words are read by a schema. */
export function defineCommand<Input>(
  definition: Omit<Command, 'run' | 'options'> & {
    /** Default: none. */
    readonly options?: readonly CommandOption[];
    readonly input: z.ZodType<Input>;
    run(input: Input, context: CommandContext): Promise<readonly Card[]>;
  },
): Command {
  const { input, run, options = [], ...rest } = definition;
  return {
    ...rest,
    options,
    async run(words, context) {
      const parsed = input.safeParse(words);
      if (!parsed.success) throw new CommandRefused(`That is said as: ${rest.usage}`);
      return run(parsed.data, context);
    },
  };
}

/** The command can't be carried out; the message is for the person. */
export class CommandRefused extends Error {
  readonly code = 'command_refused';
}
