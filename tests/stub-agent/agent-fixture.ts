import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlannedStep } from '#core/project-file/plan.ts';
import type { MemoryTask } from '#workers/run/memory-task.ts';
import { createRunFixture, newTask, type RunFixture, step } from '#workers/run/run-fixture.ts';
import type { Script } from './script.ts';
import { stubAgent, toldTo } from './stub-agent.ts';

/** A project in which the scripted agent works on tasks. For tests. */
export interface AgentFixture extends RunFixture {
  /** Runs a task with the scripted agent alone. */
  start(task: MemoryTask, script: Script, more?: StubMore, stop?: AbortController): Promise<void>;
  /** The parameters of each call of this method that the agent got, in order. */
  told(method: string): readonly unknown[];
  /** What it was prompted with, each as JSON. */
  prompts(): readonly string[];
  /** A file for a script’s `after`: it is there once the task was asked something. */
  onceAsked(task: MemoryTask): string;
}

type StubMore = Parameters<typeof stubAgent>[2];

export async function createAgentFixture(): Promise<AgentFixture> {
  const fixture = await createRunFixture();
  const told = (method: string) =>
    toldTo(fixture.source).flatMap((each) => (each.method === method ? [each.params] : []));
  return {
    ...fixture,
    start: (task, script, more = {}, stop = new AbortController()) =>
      fixture.run(task, { agents: [stubAgent(fixture.source, script, more)], stop }),
    told,
    prompts: () => told('session/prompt').map((params) => JSON.stringify(params)),
    onceAsked(task) {
      const file = join(fixture.home, '..', 'asked');
      void task.reported(isAsking).then(() => writeFile(file, ''));
      return file;
    },
  };
}

/** A task whose one step the scripted agent does. */
export function agentTask(
  more: Partial<PlannedStep> = {},
  understanding: Parameters<typeof newTask>[1] = {},
): MemoryTask {
  const agent = { id: 'stub', name: 'Stub', prompt: 'mend the login test' };
  return newTask([step('s1', [], { agent, steerable: true, checkpoint: 'Done', ...more })], understanding);
}

/** What the agent said at the end of its last turn. */
export function saidIn(task: MemoryTask): string | undefined {
  return task.state.steps[0]?.agent?.said;
}

/** A person decides what is asked, each as soon as it has been asked. */
export function whenAsked(task: MemoryTask, decide: (id: string) => void): void {
  void task.reported(isAsking).then((report) => {
    whenAsked(task, decide);
    decide('askId' in report ? report.askId : '');
  });
}

function isAsking({ type }: { readonly type: string }): boolean {
  return type === 'asks-permission' || type === 'asks-question';
}

/** What the policy lets a person decide. */
export const publishing = {
  id: '1',
  title: 'Publish',
  kind: 'execute',
  rawInput: { command: 'npm publish' },
} as const;

/** A step that asks for it. */
export const publish = {
  ask: { ...publishing, allowed: [{ say: 'published' }], rejected: [{ say: 'left it' }] },
} as const;
