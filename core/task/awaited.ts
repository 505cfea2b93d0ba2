import { type Role, roleAllows } from '#core/policy/roles.ts';
import type { Approval, Question } from './asked.ts';
import { notHisToApprove } from './deciders.ts';
import type { Person } from './person.ts';
import type { TaskState } from './state.ts';

/** The one person that something open is for: who is asked by name, else who asked for the work. */
export function awaitedPerson({ requester }: TaskState, asked: Approval | Question): Person {
  return ('asks' in asked ? asked.asks : undefined) ?? requester;
}

/** Whether that person may settle it; else it waits for whoever may, and for nobody by name. */
export function maySettle(state: TaskState, asked: Approval | Question, role: Role): boolean {
  const person = awaitedPerson(state, asked);
  if ('text' in asked) return roleAllows(role, asked.needs ?? 'steer-own');
  const hasVoted = asked.votes?.some(({ by }) => by.memberId === person.memberId) ?? false;
  return roleAllows(role, 'decide') && notHisToApprove(state, person) === undefined && !hasVoted;
}
