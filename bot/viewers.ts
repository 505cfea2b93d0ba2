import type { Sender, ThreadAddress } from '#core/chat/adapter.ts';
import type { Place, Viewer } from '#core/policy/visibility.ts';
import type { Actor } from '#db/tasks/change-task.ts';
import { isSeen, placeAt } from '#db/tasks/visible.ts';
import type { Application } from './application.ts';
import { actorFrom } from './newcomer-role.ts';

export type MemberViewer = Extract<Viewer, { readonly as: 'member' }>;

/** What a member alone is shown; `at`: where he is. */
export function memberAt({ memberId, role }: Pick<Actor, 'memberId' | 'role'>, at?: Place): MemberViewer {
  return { as: 'member', memberId, role, at };
}

/** What a member is answered where others read it. */
export function answerAt({ memberId, role }: Pick<Actor, 'memberId' | 'role'>, at: Place): Viewer {
  return { as: 'answer', memberId, role, at };
}

/** Who presses something, where, and what he alone is shown there. */
export interface Presser {
  readonly actor: Actor;
  readonly at: Place;
  readonly viewer: Viewer;
}

/** Finds who presses something in a thread. */
export async function presserAt(
  { db }: Pick<Application, 'db'>,
  thread: ThreadAddress,
  sender: Sender,
): Promise<Presser> {
  const { platform } = thread;
  const [actor, at] = await Promise.all([actorFrom(db, platform, sender), placeAt(db, thread)]);
  return { actor, at, viewer: memberAt(actor, at) };
}

/** The task itself, if the viewer may see it. */
export async function ifSeen<Task extends { readonly id: string }>(
  { db }: Pick<Application, 'db'>,
  task: Task | undefined,
  viewer: Viewer,
): Promise<Task | undefined> {
  return task !== undefined && (await isSeen(db, task.id, viewer)) ? task : undefined;
}
