import type { ThreadStatus } from '#core/chat/adapter.ts';
import { isFinal } from '#core/task/parts.ts';
import type { TaskState } from '#core/task/state.ts';

/** How a task's thread stands: whether it works, waits for a person, or is over. */
export function threadStatus(state: TaskState): ThreadStatus {
  return { title: `#${state.number} ${state.title}`, state: stateOf(state) };
}

function stateOf(state: TaskState): ThreadStatus['state'] {
  if (isFinal(state)) return 'over';
  const awaitsPerson = state.because.waitingFor === 'approval' || state.because.waitingFor === 'answer';
  return awaitsPerson || state.status === 'paused' ? 'waiting' : 'working';
}
