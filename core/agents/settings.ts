import { z } from 'zod';
import { policyRule } from '../policy/rule.ts';
import {
  bytesOf,
  duration,
  durationMs,
  environment,
  identifier,
  line,
  listOf,
  recordOf,
  size,
  wholeNumber,
} from '../project-file/fields.ts';
import { dayBudgets } from './budget.ts';
import { type KnownAgent, knownAgents } from './catalogue.ts';
import { hostEntry } from './network.ts';

const keys = { error: 'must be a set of keys' } as const;

const limits = z.strictObject(
  {
    warm: duration.default('2m').meta({ description: 'How long its process waits for a person before it is ended.' }),
    start: duration.default('2m').meta({ description: 'Without any sign of life while it starts it is stopped.' }),
    silence: duration.default('10m').meta({ description: 'Without any sign of life it is stopped after twice this.' }),
    time: duration.default('2h').meta({ description: 'Work on one task before a person is asked to go on.' }),
    tokens: wholeNumber(1, 1_000_000_000_000)
      .optional()
      .meta({ description: 'As far as the agent says how many it used.' }),
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

const absolutePath = z.string({ error: 'must be an absolute path' }).regex(/^\/[^\0\n]*$/, 'must be an absolute path');

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
    model: line
      .optional()
      .meta({ description: 'A model of the agent, by its id or name; {{model}} in `args` stands for it.' }),
    options: recordOf(line, z.union([line, z.boolean()]), 50, 'must be options of the agent with their values')
      .default({})
      .meta({ description: 'Other options that the agent offers for a session, by their ids.' }),
    reviewer: identifier
      .optional()
      .meta({ description: 'An agent that takes over when it can not mend failed checks.' }),
    fallback: identifier
      .optional()
      .meta({ description: 'An agent that takes over when its provider’s limit is reached.' }),
    sandbox: z.enum(['auto', 'off', 'required'], { error: 'must be auto, off or required' }).default('auto'),
    network: z
      .union([z.literal('open'), listOf(hostEntry, 100)], { error: 'must be open, or a list of hosts' })
      .default([])
      .meta({ description: 'Hosts that it may reach in a sandbox, beside those of its provider; open: all.' }),
    read: listOf(absolutePath, 50)
      .default([])
      .meta({ description: 'Folders that it may read in a sandbox, beside those of the system.' }),
    memory: size.default('8g').meta({ description: 'Memory of all its processes together.' }),
    processes: wholeNumber(16, 10_000).default(512).meta({ description: 'Processes at once, in a sandbox.' }),
    limits: limits.default(() => limits.parse({})),
  },
  keys,
);

/** What the operator of an installation says about agents. */
export const agentSettings = z.strictObject(
  {
    agents: recordOf(identifier, agent, 50, 'must be agents by their names').default({}),
    agent: identifier.optional().meta({ description: 'Used where nothing else says which.' }),
    budgets: dayBudgets
      .default({ per_person: {}, per_project: {} })
      .meta({ description: 'What agents may use in a day before somebody who may approve is asked.' }),
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
export interface AgentSpec
  extends Omit<KnownAgent, 'keyMethods' | 'aliases' | 'env' | 'install' | 'since' | 'provider' | 'login' | 'hosts'> {
  readonly install?: string;
  readonly login?: string;
  readonly keyMethods: NonNullable<KnownAgent['keyMethods']>;
  readonly env: Readonly<Record<string, string>>;
  readonly home: 'worker' | 'project';
  readonly mode?: string;
  /** The mode in which it asks before it acts, where one is known: it is not left in one that asks less. */
  readonly asksIn?: string;
  readonly model?: string;
  readonly options: Readonly<Record<string, string | boolean>>;
  readonly sandbox: 'auto' | 'off' | 'required';
  /** All hosts that it may reach in a sandbox; `open`: no limit. */
  readonly network: 'open' | readonly string[];
  /** Absolute paths that it may read in a sandbox. */
  readonly read: readonly string[];
  /** Bytes of all its processes together; and processes, in a sandbox. */
  readonly memory: number;
  readonly processes: number;
  /** Ids of agents that take over: when checks stay red, and when the provider's limit is reached. */
  readonly reviewer?: string;
  readonly fallback?: string;
  readonly limits: AgentLimits;
}

export interface AgentLimits {
  readonly warmMs: number;
  readonly startMs: number;
  readonly silenceMs: number;
  readonly timeMs: number;
  readonly turns: number;
  readonly tokens?: number;
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
    env: { ...known?.env, ...said.env },
    ...(known?.modelBy === undefined ? {} : { modelBy: known.modelBy }),
    ...(known?.reads === undefined ? {} : { reads: known.reads }),
    ...(known?.sessionMeta === undefined ? {} : { sessionMeta: known.sessionMeta }),
    ...(known?.instructions === undefined ? {} : { instructions: known.instructions }),
    ...(known?.obeys === undefined ? {} : { obeys: known.obeys }),
    install: known?.install,
    login: known?.login,
    secrets: said.secrets ?? known?.secrets ?? [],
    keyMethods: known?.keyMethods ?? [],
    keeps: known?.keeps ?? [],
    sessions: known?.sessions ?? [],
    loginFiles: known?.loginFiles ?? [],
    locked: known?.locked ?? [],
    network: said.network === 'open' ? 'open' : [...new Set([...(known?.hosts ?? []), ...said.network])],
    read: said.read,
    memory: bytesOf(said.memory),
    processes: said.processes,
    home: said.home,
    mode: said.mode ?? known?.mode,
    ...(known?.mode === undefined ? {} : { asksIn: known.mode }),
    model: said.model,
    options: said.options,
    sandbox: said.sandbox,
    ...(said.reviewer === undefined ? {} : { reviewer: said.reviewer }),
    ...(said.fallback === undefined ? {} : { fallback: said.fallback }),
    limits: limitsOf(said.limits),
  };
}

/** How an agent is started with its model, where it gets that by its arguments or its environment. */
export function startOf({ args, env, model, modelBy: by }: AgentSpec): {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** It has its model then, whether or not it offers a choice. */
  readonly modelAtStart: boolean;
} {
  if (model === undefined) return { args, env, modelAtStart: false };
  const filled = args.map((each) => each.replaceAll('{{model}}', model));
  const inside = filled.some((each, index) => each !== args[index]);
  return {
    args: [...filled, ...(by !== undefined && 'argument' in by && !inside ? [by.argument, model] : [])],
    env: { ...(by !== undefined && 'variable' in by ? { [by.variable]: model } : {}), ...env },
    modelAtStart: inside || by !== undefined,
  };
}

function limitsOf({ warm, start, silence, time, turns, cost, tokens }: z.infer<typeof limits>): AgentLimits {
  return {
    warmMs: durationMs(warm),
    startMs: durationMs(start),
    silenceMs: durationMs(silence),
    timeMs: durationMs(time),
    turns,
    ...(tokens === undefined ? {} : { tokens }),
    ...(cost === undefined ? {} : { cost }),
  };
}
