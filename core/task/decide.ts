import type { DecideContext, Decision, TaskCommand } from './commands.ts';
import { decideEngine } from './decide-engine.ts';
import { notesAtEnd } from './decide-note.ts';
import { decidePerson } from './decide-person.ts';
import { decideReport } from './decide-report.ts';
import { evolve } from './evolve.ts';
import { isFinal } from './parts.ts';
import type { TaskState } from './state.ts';

/**
 * What happens to a task when somebody commands something: the events, or why not. Pure: the same state, command and
 * context give the same answer. All changes of a task come from here.
 */
export function decide(state: TaskState, command: TaskCommand, context: DecideContext): Decision {
  const decision = decideCommand(state, command, context);
  if (!decision.ok || isFinal(state)) return decision;
  const after = decision.events.reduce((before, event) => evolve(before, { at: context.now, event }), state);
  return isFinal(after) ? { ok: true, events: [...decision.events, ...notesAtEnd(after)] } : decision;
}

function decideCommand(state: TaskState, command: TaskCommand, context: DecideContext): Decision {
  switch (command.type) {
    case 'report':
      return decideReport(state, command, context);
    case 'queue':
    case 'block':
    case 'fail-blocked':
    case 'admit':
    case 'claim':
    case 'interrupt':
    case 'retry-due':
    case 'question-due':
    case 'remind':
    case 'mail':
      return decideEngine(state, command, context);
    default:
      return decidePerson(state, command, context);
  }
}
