import type { SessionUpdate } from '@agentclientprotocol/sdk';
import { describe, expect, it } from 'vitest';
import { nothingSpent } from '#core/agents/budget.ts';
import { createRedactor } from '#core/text/redact.ts';
import type { RuntimeEvent } from '../runtime.ts';
import { createMeter } from './budget.ts';
import { createUpdates } from './updates.ts';

function shownOf(update: object): readonly RuntimeEvent[] {
  const shown: RuntimeEvent[] = [];
  const updates = createUpdates({
    folder: '/x',
    stepId: 's1',
    meter: createMeter(nothingSpent, 0),
    redactor: createRedactor([]),
    show: (event) => shown.push(event),
  });
  updates.take(update as SessionUpdate);
  updates.endTurn();
  return shown;
}

const text = (words: string) => ({ type: 'text', text: words });

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
