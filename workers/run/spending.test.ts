import { describe, expect, it, vi } from 'vitest';
import { nothingSpent } from '#core/agents/budget.ts';
import type { AgentSpent } from '#core/task/agent-work.ts';
import { newTask, step } from './run-fixture.ts';
import { createSpending } from './spending.ts';

const cost = (amount: number): AgentSpent => ({ ...nothingSpent, cost: amount });

/** A task whose step has reported so much. */
function reported(amount: number) {
  const { state } = newTask([step('s1', [])]);
  return {
    ...state,
    steps: state.steps.map((each) => ({ ...each, agent: { plan: [], parks: 0, fixes: 0, spent: cost(amount) } })),
  };
}

describe('what was used today', () => {
  it('is what the database had last, and what this step has used since', () => {
    const spending = createSpending({
      task: reported(1),
      spentToday: { person: cost(5), project: cost(7) },
    });
    expect(spending.today('s1', cost(1.5))).toMatchObject({ person: { cost: 5.5 }, project: { cost: 7.5 } });
    // The others have used 2 meanwhile; of this step's 2 the database knows 1.5.
    spending.read({ task: reported(1.5), spentToday: { person: cost(7.5), project: cost(9.5) } });
    expect(spending.today('s1', cost(2))).toMatchObject({ person: { cost: 8 }, project: { cost: 10 } });
  });

  it('is looked at each time that it is read', () => {
    const spending = createSpending({ task: reported(0), spentToday: { person: cost(0), project: cost(0) } });
    const look = vi.fn();
    const stop = spending.onRead(look);
    spending.read({ task: reported(0) });
    expect(look).not.toHaveBeenCalled();
    spending.read({ task: reported(0), spentToday: { person: cost(9), project: cost(9) } });
    stop();
    spending.read({ task: reported(0), spentToday: { person: cost(9), project: cost(9) } });
    expect(look).toHaveBeenCalledTimes(1);
  });
});
