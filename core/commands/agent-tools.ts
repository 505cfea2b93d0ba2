import { z } from 'zod';
import type { CommandOption } from '../chat/adapter.ts';
import type { CommandDefinition } from './command-definition.ts';
import { type AgentCommand, definitions } from './definitions.ts';

/** A command as agents get it over MCP. */
export interface CommandTool {
  readonly command: AgentCommand;
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodObject;
}

/** Longest text that an agent may give to a command, in characters. */
const longestText = 200;

/** The tools that the command table gives to agents. */
export const commandTools: readonly CommandTool[] = Object.entries(
  definitions as Record<string, CommandDefinition>,
).flatMap(([command, { summary, options, forAgents }]) =>
  forAgents === undefined
    ? []
    : [
        {
          command: command as AgentCommand,
          name: forAgents.tool,
          description: `${summary}. ${forAgents.sees}`,
          input: z.strictObject(Object.fromEntries(options.map((option) => [option.name, schemaOf(option)]))),
        },
      ],
);

function schemaOf({ kind, summary, required, choices }: CommandOption): z.ZodType {
  const number = kind === 'task' || kind === 'number';
  const text = choices === undefined ? z.string().min(1).max(longestText) : z.enum(choices);
  const value = (number ? z.int().positive().max(999_999_999) : text).describe(summary);
  return required ? value : value.optional();
}
