import type { ReadBy, ThreadAddress } from '../chat/adapter.ts';
import type { Role } from './roles.ts';

/** A thread with who can read it; absent: not known, which counts as private to the thread. */
export interface Place extends ThreadAddress {
  readonly readBy?: ReadBy;
}

/** Who looks, and who reads what he is shown. */
export type Viewer =
  /** It is shown to this member alone; `at`: where he is, as his platform signs for it. */
  | { readonly as: 'member'; readonly memberId: string; readonly role: Role; readonly at?: Place }
  /** It is the answer to this member, read by all who read the place. */
  | { readonly as: 'answer'; readonly memberId: string; readonly role: Role; readonly at: Place }
  /** An agent, for the person it works for; what it learns it may say in the thread of its task. */
  | { readonly as: 'agent'; readonly memberId: string; readonly at: Place }
  /** Whoever opens a page, with the keys of links that he was given. */
  | { readonly as: 'page'; readonly keys: readonly string[] };

/** What decides who may see a task. */
export interface Seen {
  readonly requester: { readonly memberId: string };
  /** Where it was asked for. */
  readonly place: Place;
  /** Opens the pages about it. */
  readonly pageKey: string;
  /** Members who said something in its thread, decided on it or were asked. */
  readonly participants: ReadonlySet<string>;
}

/**
 * Whether somebody may see a task and what it made. What was asked for in public everybody may see; what was asked for in a
 * private place, or where outsiders read, only its requester, who takes part in it, people of the same place, and administrators. `db/tasks/visible.ts`
 * has the same rule for queries.
 */
export function maySee(viewer: Viewer, task: Seen): boolean {
  if (viewer.as === 'page') return task.place.readBy === 'everybody' || viewer.keys.includes(task.pageKey);
  const { memberId } = viewer;
  const isOwn = task.requester.memberId === memberId;
  if (viewer.as === 'agent') return isOwn && isFitFor(viewer.at, task.place);
  if (viewer.as === 'answer' && !isFitFor(viewer.at, task.place)) return false;
  if (viewer.role === 'admin' || isOwn || task.participants.has(memberId)) return true;
  return viewer.at === undefined ? task.place.readBy === 'everybody' : mayBeShownAt(viewer.at, task.place);
}

/** Whether what is said at a place is read by the one who asks alone. The web chat has no accounts: who reads it administers it. */
export function isReadAlone({ platform, readBy }: Place): boolean {
  return platform === 'web' || readBy === 'person';
}

/**
 * Whether all who read a place may see what was asked for at another one: that is public and no outsider reads here, or they read it as
 * well.
 */
export function mayBeShownAt(at: Place, place: Place): boolean {
  if (place.readBy === 'everybody' && at.readBy !== 'outsiders') return true;
  if (at.platform !== place.platform || at.channel !== place.channel) return false;
  const isOfThread = place.readBy === 'thread' || place.readBy === undefined;
  return !isOfThread || at.thread === place.thread;
}

function isFitFor(at: Place, place: Place): boolean {
  return isReadAlone(at) || mayBeShownAt(at, place);
}
