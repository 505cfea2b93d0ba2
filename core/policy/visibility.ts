import type { ReadBy, ThreadAddress } from '../chat/adapter.ts';
import type { Role } from './roles.ts';

/** A thread with who can read it; absent: not known, which counts as private to the thread. */
export interface Place extends ThreadAddress {
  readonly readBy?: ReadBy;
}

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
