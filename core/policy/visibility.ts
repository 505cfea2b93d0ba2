import type { Role } from './roles.ts';

/** Who wants to look at a task. */
export interface Reader {
  readonly memberId: string;
  readonly role: Role;
  /** An agent looks, in his name. */
  readonly byAgent?: true;
}

/** Whether somebody may see a task and what it made: every member may, an agent only what concerns the person it works for. */
export function maySee(
  { memberId, byAgent }: Reader,
  task: { readonly requester: { readonly memberId: string } },
): boolean {
  return byAgent !== true || task.requester.memberId === memberId;
}
