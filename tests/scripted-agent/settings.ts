import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { parseScriptFile, type Step } from './script.ts';

const choice = z.strictObject({ id: z.string(), name: z.string() });

const option = z.strictObject({
  id: z.string(),
  name: z.string(),
  category: z.string().optional(),
  values: z.array(z.string()).min(1),
});

const behaviour = z.strictObject({
  /** What the agent answers to `initialize`, whatever the client asked for. */
  protocolVersion: z.int().default(1),
  version: z.string().default('1.0.0'),
  /** What the agent says it can, and can: all of it unless named. */
  capabilities: z
    .array(z.enum(['load', 'resume', 'close', 'list', 'delete', 'fork', 'image', 'audio', 'embedded', 'http', 'sse']))
    .default(['load', 'resume', 'close', 'list', 'delete', 'fork', 'image', 'embedded', 'http']),
  /** `required`: session/new answers -32000 until `authenticate` named one of `authMethods`. */
  authentication: z.enum(['none', 'required']).default('none'),
  authMethods: z.array(choice).default([{ id: 'login', name: 'Log in' }]),
  /** A start that goes wrong: this text on stderr, then this exit code. */
  startFailure: z.strictObject({ message: z.string(), code: z.int().min(0).max(255).default(1) }).optional(),
  /** Milliseconds before anything is read. */
  startDelay: z.int().min(0).default(0),
  /** What a second prompt finds while a turn runs: a place behind it, or an error. */
  whileBusy: z.enum(['queue', 'refuse']).default('queue'),
  /** The first one is current at the start. None: the session has no modes. */
  modes: z.array(choice).default([
    { id: 'default', name: 'Default' },
    { id: 'plan', name: 'Plan' },
  ]),
  configOptions: z
    .array(option)
    .default([{ id: 'model', name: 'Model', category: 'model', values: ['small', 'large'] }]),
});

/** How the agent presents itself and starts; see README.md. */
export type Behaviour = z.infer<typeof behaviour>;
/** The same as a test writes it: everything has a default. */
export type BehaviourInput = z.input<typeof behaviour>;

export interface Settings {
  readonly behaviour: Behaviour;
  /** What a prompt without a script block does. */
  readonly script: readonly Step[];
  /** The folder of the sessions; without one they end with the process. */
  readonly state?: string;
  /** The file that received messages are appended to. */
  readonly log?: string;
}

/**
 * Arguments win over the environment: `--behaviour` or STUB_AGENT_BEHAVIOUR (JSON), `--script` or STUB_AGENT_SCRIPT,
 * `--state` or STUB_AGENT_STATE, `--log` or STUB_AGENT_LOG (paths). Throws on a name or value that is not known.
 */
export function readSettings(args: readonly string[], environment: NodeJS.ProcessEnv): Settings {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args: [...args], options: { behaviour: text, script: text, state: text, log: text } });
  const script = values.script ?? environment.STUB_AGENT_SCRIPT;
  return {
    behaviour: behaviour.parse(JSON.parse(values.behaviour ?? environment.STUB_AGENT_BEHAVIOUR ?? '{}')),
    script: script === undefined ? defaultScript : parseScriptFile(readFileSync(script, 'utf8')),
    state: values.state ?? environment.STUB_AGENT_STATE,
    log: values.log ?? environment.STUB_AGENT_LOG,
  };
}

const entries = (first: 'in_progress' | 'completed', second: 'pending' | 'completed') => [
  { content: 'Look around', priority: 'medium' as const, status: first },
  { content: 'Write stub-agent.txt', priority: 'high' as const, status: second },
];

const defaultScript: readonly Step[] = [
  { do: 'say', text: 'Hello from the stub agent.' },
  { do: 'plan', entries: entries('in_progress', 'pending') },
  { do: 'write', path: 'stub-agent.txt', content: 'The stub agent was here.\n', by: 'disk' },
  { do: 'plan', entries: entries('completed', 'completed') },
];
