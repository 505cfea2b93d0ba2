import type { SessionUpdate } from '@agentclientprotocol/sdk';
import { describe, expect, it } from 'vitest';
import { nothingSpent } from '#core/agents/budget.ts';
import { createRedactor } from '#core/text/redact.ts';
import type { RuntimeEvent } from '../runtime.ts';
import { createMeter } from './budget.ts';
import { createUpdates } from './updates.ts';

function shownOf(...said: readonly object[]): readonly RuntimeEvent[] {
  const shown: RuntimeEvent[] = [];
  const updates = createUpdates({
    folder: '/x',
    stepId: 's1',
    meter: createMeter(nothingSpent, 0),
    redactor: createRedactor([{ name: 'TOKEN', value: 'hunter22' }]),
    show: (event) => shown.push(event),
  });
  for (const update of said) updates.take(update as SessionUpdate);
  updates.endTurn();
  return shown;
}

const text = (words: string) => ({ type: 'text', text: words });
const say = (words: string) => ({ sessionUpdate: 'agent_message_chunk', content: text(words) });
const edit = {
  sessionUpdate: 'tool_call',
  toolCallId: 'e',
  title: 'Edit',
  kind: 'edit',
  locations: [{ path: '/x/a.ts' }],
};
const run = { ...edit, title: 'bash', kind: 'execute', locations: [], rawInput: { command: 'npm test' } };

describe('an update of an agent', () => {
  it.each<[object, object]>([
    [
      { sessionUpdate: 'notice', severity: 'warning', title: 'Slow', description: 'The provider\nis busy' },
      { text: 'Warning: Slow: The provider is busy' },
    ],
    [{ sessionUpdate: 'notice', severity: 'error', title: 'Lost' }, { text: 'Error: Lost' }],
    [{ sessionUpdate: 'notice', severity: 'info', title: 'Hello' }, { text: 'Hello' }],
    [
      { sessionUpdate: 'compaction_update', compactionId: 'c', status: 'in_progress' },
      { text: 'Sums up what it knows, to have room' },
    ],
    [
      { sessionUpdate: 'compaction_update', compactionId: 'c', status: 'completed', summary: [text('s')] },
      { text: 'Has summed up what it knows, to have room' },
    ],
    [
      { sessionUpdate: 'compaction_update', compactionId: 'c', status: 'failed', error: 'no room' },
      { text: 'Could not sum up what it knows: no room' },
    ],
    [
      {
        sessionUpdate: 'tool_call',
        toolCallId: 'm',
        title: '{"to":"everybody"}',
        kind: 'other',
        _meta: { toolName: 'mcp__mail__send' },
      },
      { text: 'mcp__mail__send: {"to":"everybody"}' },
    ],
    [
      {
        sessionUpdate: 'tool_call',
        toolCallId: 'g',
        title: 'telling everybody',
        kind: 'other',
        _meta: { goose: { toolCall: { toolName: 'mail__send', extensionName: 'mail' } } },
      },
      { text: 'mail__send: telling everybody' },
    ],
    [{ sessionUpdate: 'current_mode_update', currentModeId: 'plan' }, { text: 'Works in the mode plan now' }],
    [
      {
        sessionUpdate: 'tool_call',
        toolCallId: 'd',
        title: 'Edit',
        kind: 'edit',
        content: [{ type: 'diff', path: '/x/a.ts', newText: 'b' }],
      },
      { text: 'Editing', code: 'a.ts' },
    ],
    [
      {
        sessionUpdate: 'tool_call',
        toolCallId: 'l',
        title: 'R',
        kind: 'read',
        locations: [{ path: '/x/b.ts', line: 3 }],
      },
      { text: 'Reading', code: 'b.ts' },
    ],
    [
      {
        sessionUpdate: 'tool_call',
        toolCallId: 't',
        title: 'Watch',
        kind: 'execute',
        content: [{ type: 'terminal', terminalId: 'x' }],
      },
      { text: 'Watch' },
    ],
    [
      { sessionUpdate: 'tool_call', toolCallId: 'f', title: 'Try', kind: 'other', status: 'failed' },
      { text: 'Failed: Try' },
    ],
  ])('is shown: %j', (update, action) => expect(shownOf(update)).toEqual([{ type: 'action', ...action }]));

  it.each<object>([
    { sessionUpdate: 'agent_thought_chunk', content: text('hm') },
    { sessionUpdate: 'user_message_chunk', content: text('you said') },
    { sessionUpdate: 'available_commands_update', availableCommands: [{ name: 'init', description: 'x' }] },
    { sessionUpdate: 'session_info_update', title: 'A title' },
    { sessionUpdate: 'config_option_update', configOptions: [] },
    { sessionUpdate: 'compaction_summary_chunk', compactionId: 'c', content: text('s') },
  ])('is a sign of life and nothing more: %j', (update) => expect(shownOf(update)).toEqual([]));

  it.each<[string, readonly string[], string | undefined]>([
    ['what it said just before', ['The clock is re', 'al there. I make it stand still.'], 'The clock is real there'],
    ['no interjection', ['Perfect! Now the tests have to run:'], 'Now the tests have to run'],
    ['not the answer before it', ['It is done.\n\n', '**I look** at `a.ts` once more.'], 'I look at a.ts once more'],
    ['no secret', ['The token hunt', 'er22 is to go'], 'The token [secret TOKEN] is to go'],
    ['no secret behind colours', ['The token hunt\u001b[1mer22 is to go'], 'The token [secret TOKEN] is to go'],
    ['one line, cut', [`I write\n${'so '.repeat(60)}much`], `I write ${'so '.repeat(50)}s…`],
    ['nothing of signs alone', ['---\n…'], undefined],
    ['nothing where nothing was said', [], undefined],
  ])('of a call has as its reason %s', (_, said, why) =>
    expect(shownOf(...said.map(say), edit)).toEqual([
      { type: 'action', text: 'Editing', code: 'a.ts', ...(why === undefined ? {} : { why }) },
    ]),
  );

  it('of a call has its reason also when more of it is known, and the next call not', () => {
    const rows = shownOf(
      say('I look whether it holds.'),
      { ...run, rawInput: {} },
      { ...run, sessionUpdate: 'tool_call_update', status: 'failed' },
      say(''),
      { ...edit, toolCallId: 'other' },
    );
    const why = 'I look whether it holds';
    expect(rows[0]).toEqual({ type: 'action', text: 'bash', why });
    expect(rows.at(-1)).toEqual({ type: 'action', text: 'Editing', code: 'a.ts' });
    const failed = shownOf(say('I look whether it holds.'), run, {
      ...run,
      sessionUpdate: 'tool_call_update',
      status: 'failed',
    });
    expect(failed.at(-1)).toEqual({ type: 'action', text: 'Failed: Running', code: 'npm test', why });
  });

  it.each<[object, string | undefined]>([
    [
      { ...run, rawInput: { command: 'npm test', description: 'Look whether\nthe fix holds' } },
      'Look whether the fix holds',
    ],
    [{ ...run, title: 'Look whether the fix of hunter22 holds' }, 'Look whether the fix of [secret TOKEN] holds'],
    [{ ...run, title: '`npm test`' }, undefined],
    [{ ...edit, title: 'Freeze the clock in the login test' }, 'Freeze the clock in the login test'],
    [{ ...edit, title: 'Edit `/x/a.ts` (1 - 20)' }, undefined],
    [{ ...edit, title: 'Write a.ts' }, undefined],
    [{ ...edit, title: 'Freeze the clock', locations: [] }, undefined],
    [{ ...edit, rawInput: { description: 'a field of the file' } }, undefined],
  ])('of a call that nothing was said before has what it says of itself, where that is more: %j', (call, why) =>
    expect(shownOf(call)).toMatchObject([
      why === undefined ? expect.not.objectContaining({ why: expect.anything() }) : { why },
    ]),
  );

  it('of a plan replaces the plan, and of usage what was used', () => {
    const plan = { sessionUpdate: 'plan', entries: [{ content: 'Look', status: 'pending', priority: 'low' }] };
    expect(shownOf(plan)).toEqual([
      { type: 'agent', stepId: 's1', change: { plan: [{ text: 'Look', status: 'pending' }] } },
    ]);
    const usage = { sessionUpdate: 'usage_update', used: 5, size: 9, cost: { amount: 0.1, currency: 'USD' } };
    expect(shownOf(usage)).toMatchObject([
      { change: { usage: { used: 5, size: 9, cost: { amount: 0.1, currency: 'USD' } } } },
    ]);
  });
});
