import { MessageTooLargeError } from '@agentclientprotocol/sdk';
import type { AgentSpec } from '#core/agents/settings.ts';
import { memoryLimit } from '#core/project-file/memory.ts';
import type { PlannedStep } from '#core/project-file/plan.ts';
import { listenForTools, type ToolSocket } from '../../agents/mcp/listen.ts';
import type { RuntimeEvent, StepContext, StepEnd } from '../runtime.ts';
import { type AgentProcess, redactorOf, startAgentProcess } from './agent-process.ts';
import { stopDecided, stoppedAtLimit } from './budget.ts';
import { connectAgent } from './connect.ts';
import type { Signs } from './conversation.ts';
import { converse } from './converse.ts';
import { failureOf, failureOfExit } from './problem.ts';
import { redactEvent } from './redact-event.ts';

export interface WorkOptions {
  readonly show: (event: RuntimeEvent) => void;
  /** The same, and resolves when it is written down; never when the run is over before. */
  readonly record: (event: RuntimeEvent) => Promise<void>;
  /** Aborts when the run is to end. */
  readonly stop: AbortSignal;
}

/** Starts the agent, has it do the step, and ends its process. Rejects where it can not be started as it is to be. */
export async function workWithAgent(
  step: PlannedStep,
  context: StepContext,
  { show, record, stop }: WorkOptions,
): Promise<StepEnd> {
  const stopped = stopDecided(context.task, step.id);
  if (stopped !== undefined) return stoppedAtLimit(stopped);
  const found = context.agents.find(({ id }) => id === step.agent?.id);
  if (found === undefined) return notHere(step, context);
  const memory = memoryLimit(found.memory, context.task.understanding) ?? found.memory;
  const spec = { ...found, memory, ...(step.agent?.model === undefined ? {} : { model: step.agent.model }) };
  const redactor = redactorOf(spec);
  const clean = {
    show: (event: RuntimeEvent) => show(redactEvent(event, redactor)),
    record: (event: RuntimeEvent) => record(redactEvent(event, redactor)),
  };
  const tools = await listenForTools();
  try {
    return redactEvent(await withProcess(spec, { step, context, ...clean, stop, tools }), redactor);
  } finally {
    await tools.close();
  }
}

async function withProcess(spec: AgentSpec, driven: Driven): Promise<StepEnd> {
  const process = await startAgentProcess(spec, driven.context, {
    tools: driven.tools.folder,
    onUnknown: (code) =>
      driven.show({ type: 'action', text: `${spec.name} says something that this version does not know`, code }),
    onHidden: (code) =>
      driven.show({ type: 'action', text: `Hidden from ${spec.name}, which would obey it past the policy`, code }),
    onRefused: (code, why) => driven.show({ type: 'action', text: `Not let out, for ${why}`, code }),
  });
  if ('problem' in process) return { type: 'failed', reason: process.problem, transient: false };
  try {
    return await drive(spec, process, driven);
  } finally {
    await process.stop();
  }
}

interface Driven extends WorkOptions {
  readonly step: PlannedStep;
  readonly context: StepContext;
  readonly tools: ToolSocket;
}

/** How long the end of a process that closed its output is waited for, in milliseconds. */
const exitGraceMs = 2_000;

async function drive(spec: AgentSpec, process: AgentProcess, driven: Driven): Promise<StepEnd> {
  const redactor = redactorOf(spec);
  const signs: Signs = { onSign: () => {} };
  const context = () => ({ redactor, now: new Date(), known: signs.limitEnds });
  const agent = connectAgent({ stream: process.stream, onSign: () => signs.onSign() });
  // A process that ends ends the connection, also where a child of it holds its output open.
  void process.ended.then(() => agent.connection.close());
  try {
    return await converse({ ...driven, spec, agent, signs, endProcess: process.stop });
  } catch (error) {
    if (driven.stop.aborted) return { type: 'stopped' };
    const { reason } = agent.connection.signal;
    if (reason instanceof MessageTooLargeError) return failureOf(reason, spec, context());
    const exit = agent.connection.signal.aborted ? await within(process.ended, exitGraceMs) : undefined;
    return exit === undefined ? failureOf(error, spec, context()) : failureOfExit(exit, spec);
  } finally {
    agent.connection.close();
  }
}

function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function notHere({ agent }: PlannedStep, { agents }: StepContext): StepEnd {
  const others =
    agents.length === 0 ? 'it finds no agent at all' : `it has ${agents.map(({ name }) => name).join(', ')}`;
  const reason = `${agent?.name ?? 'The agent'} is not installed on this worker; ${others}. “commander doctor” says how to install one.`;
  return { type: 'failed', reason, transient: false };
}
