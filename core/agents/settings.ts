import { z } from 'zod';
import { policyRule } from '../policy/rule.ts';
import {
  duration,
  durationMs,
  environment,
  identifier,
  line,
  listOf,
  recordOf,
  wholeNumber,
} from '../project-file/fields.ts';
import { type KnownAgent, knownAgents } from './catalogue.ts';

const keys = { error: 'must be a set of keys' } as const;

const limits = z.strictObject(
  {
    warm: duration.default('2m').meta({ description: 'How long its process waits for a person before it is ended.' }),
    silence: duration.default('10m').meta({ description: 'Without any sign of life it is stopped after twice this.' }),
    time: duration.default('2h').meta({ description: 'Work on one task before a person is asked to go on.' }),
    turns: wholeNumber(1, 1000).default(50).meta({ description: 'Prompts in one task before a person is asked.' }),
    cost: z
      .number({ error: 'must be a number' })
      .positive('must be more than 0')
      .optional()
      .meta({ description: 'In the currency of the agent; a person is asked before more is spent on one task.' }),
  },
  keys,
);

const variableName = z
  .string({ error: 'must be the name of a variable' })
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of a variable');

const agent = z.strictObject(
  {
    name: line.optional(),
    command: line.optional().meta({ description: 'A program. Required for an agent that Commander does not know.' }),
    args: listOf(z.string({ error: 'must be text' }), 100).optional(),
    env: environment.default({}),
    secrets: listOf(variableName, 50)
      .optional()
      .meta({ description: 'Variables of the worker that it gets; they are hidden in everything shown or stored.' }),
    home: z
      .enum(['worker', 'project'], { error: 'must be worker or project' })
      .default('worker')
      .meta({ description: 'Its HOME: that of the worker, where it is logged in, or one of each project.' }),
    mode: line.optional().meta({ description: 'A mode of the agent, by its id.' }),
    reviewer: identifier
      .optional()
      .meta({ description: 'An agent that takes over when it can not mend failed checks.' }),
    fallback: identifier
      .optional()
      .meta({ description: 'An agent that takes over when its provider’s limit is reached.' }),
    sandbox: z.enum(['auto', 'off', 'required'], { error: 'must be auto, off or required' }).default('auto'),
    limits: limits.default(() => limits.parse({})),
  },
  keys,
);

/** What the operator of an installation says about agents. */
export const agentSettings = z.strictObject(
  {
    agents: recordOf(identifier, agent, 50, 'must be agents by their names').default({}),
    agent: identifier.optional().meta({ description: 'Used where nothing else says which.' }),
    policy: listOf(policyRule, 200)
      .default([])
      .meta({ description: 'What agents may do; the last rule that fits counts.' }),
    find: z
      .boolean({ error: 'must be true or false' })
      .default(true)
      .meta({ description: 'Whether agents that are installed are found by themselves.' }),
  },
  keys,
);

export type AgentSettings = z.infer<typeof agentSettings>;

/** One agent exactly as a worker starts it. */
export interface AgentSpec extends Omit<KnownAgent, 'aliases' | 'install' | 'login'> {
  readonly install?: string;
  readonly login?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly home: 'worker' | 'project';
  readonly mode?: string;
  readonly sandbox: 'auto' | 'off' | 'required';
  /** Ids of agents that take over: when checks stay red, and when the provider's limit is reached. */
  readonly reviewer?: string;
  readonly fallback?: string;
  readonly limits: AgentLimits;
}

export interface AgentLimits {
  readonly warmMs: number;
  readonly silenceMs: number;
  readonly timeMs: number;
  readonly turns: number;
  readonly cost?: number;
}

/** All agents that may be there: the known ones and those of the settings, which change what is known of them. */
export function agentSpecs({ agents, find }: AgentSettings): readonly AgentSpec[] {
  const known = find ? knownAgents.filter(({ id }) => agents[id] === undefined).map((each) => specOf(each.id, {})) : [];
  return [...Object.entries(agents).map(([id, said]) => specOf(id, said)), ...known];
}

/** The settings say of an unknown agent no command to start it by. */
export class AgentWithoutCommand extends Error {
  readonly code = 'agent_without_command';
}

function specOf(id: string, input: z.input<typeof agent>): AgentSpec {
  const said = agent.parse(input);
  const known = knownAgents.find((each) => each.id === id);
  const command = said.command ?? known?.command;
  if (command === undefined) {
    throw new AgentWithoutCommand(
      `The settings name the agent “${id}”, which Commander does not know, without a \`command\`. Add one, or remove it.`,
    );
  }
  return {
    id,
    name: said.name ?? known?.name ?? id,
    command,
    args: said.args ?? (said.command === undefined ? (known?.args ?? []) : []),
    install: known?.install,
    login: known?.login,
    secrets: said.secrets ?? known?.secrets ?? [],
    keeps: known?.keeps ?? [],
    env: said.env,
    home: said.home,
    mode: said.mode,
    sandbox: said.sandbox,
    ...(said.reviewer === undefined ? {} : { reviewer: said.reviewer }),
    ...(said.fallback === undefined ? {} : { fallback: said.fallback }),
    limits: limitsOf(said.limits),
  };
}

function limitsOf({ warm, silence, time, turns, cost }: z.infer<typeof limits>): AgentLimits {
  return {
    warmMs: durationMs(warm),
    silenceMs: durationMs(silence),
    timeMs: durationMs(time),
    turns,
    ...(cost === undefined ? {} : { cost }),
  };
}
