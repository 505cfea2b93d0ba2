import { expect, it } from 'vitest';
import { createRedactor } from '#core/text/redact.ts';
import { newTask, step } from '../../run/run-fixture.ts';
import { readWish } from './permission.ts';
import type { KnownCall } from './tool-calls.ts';

const planned = step('s1', []);
const context = { folder: '/data/work/7', policy: [], original: async () => undefined, task: newTask([planned]).state };

async function hashOfWish(more: Partial<KnownCall>): Promise<string> {
  const call: KnownCall = {
    toolCallId: 'c',
    title: 'Publish',
    kind: 'execute',
    rawInput: { command: 'npm publish' },
    ...more,
  };
  return (await readWish(call, planned, { context, redactor: createRedactor([]) })).ask.hash;
}

it('a wish is the same whatever its call and its terminal are named, and another one with anything else', async () => {
  const terminal = (terminalId: string) => ({
    toolCallId: terminalId,
    content: [{ type: 'terminal', terminalId } as const],
  });
  const first = await hashOfWish(terminal('1'));
  expect(await hashOfWish(terminal('2'))).toBe(first);
  expect(await hashOfWish({ ...terminal('1'), rawInput: { command: 'npm publish', cwd: '/data' } })).not.toBe(first);
  const diff = { type: 'diff', path: 'a', newText: 'b' } as const;
  expect(await hashOfWish({ content: [diff] })).not.toBe(first);
});
