import type { z } from 'zod';
import type { Card } from '#core/chat/card.ts';
import type { CommandDefinition } from '#core/commands/command-definition.ts';
import type { Place, Viewer } from '#core/policy/visibility.ts';
import type { TaskState } from '#core/task/state.ts';
import type { Actor } from '#db/tasks/change-task.ts';
import type { Application } from '../application.ts';

/** Who commands, and where. */
export interface CommandContext {
  readonly application: Application;
  readonly actor: Actor;
  /** The message that says it. */
  readonly messageId: string;
  /** What was said after the command's name, as it was written: words alone lose how many spaces a path has. */
  readonly said: string;
  readonly thread: Place;
  /** What he may be shown there. */
  readonly viewer: Viewer;
  /** The newest task of the thread, which commands without a number are about. */
  readonly threadTask?: TaskState;
}

/** One command: its definition of core's table, and how it is carried out. */
export interface Command extends CommandDefinition {
  /** Whether words after its name can be meant for it. */
  takes(words: readonly string[]): boolean;
  /** Carries it out; `words` are those after the name. The answer is shown in the thread; none when cards of a task say it. */
  run(words: readonly string[], context: CommandContext): Promise<readonly Card[]>;
}

/** What carries a command out: its words are read by a schema first. */
export interface CommandWork<Input> {
  readonly input: z.ZodType<Input>;
  run(input: Input, context: CommandContext): Promise<readonly Card[]>;
}

/** Adds to a command of the table what carries it out. */
export function carryOut<Input>(definition: CommandDefinition, { input, run }: CommandWork<Input>): Command {
  return {
    ...definition,
    takes: (words) => input.safeParse(words).success,
    async run(words, context) {
      const parsed = input.safeParse(words);
      if (!parsed.success) throw new CommandRefused(`That is said as: ${definition.usage}`);
      return run(parsed.data, context);
    },
  };
}

/** The command can't be carried out; the message is for the person. */
export class CommandRefused extends Error {
  readonly code = 'command_refused';
}
