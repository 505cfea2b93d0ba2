import type { DecideContext, Decision, TaskCommand } from './commands.ts';
import { decideEngine } from './decide-engine.ts';
import { decidePerson } from './decide-person.ts';
import { decideReport } from './decide-report.ts';
import type { TaskState } from './state.ts';

/**
 * What happens to a task when somebody commands something: the events, or why not. Pure: the same state, command and
 * context give the same answer. All changes of a task come from here.
 */
export function decide(state: TaskState, command: TaskCommand, context: DecideContext): Decision {
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
      return decideEngine(state, command, context);
    default:
      return decidePerson(state, command, context);
  }
}
