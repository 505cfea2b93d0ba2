import { deliveryVotes } from './deciders.ts';
import type { Recorded, TaskEvent } from './events.ts';
import { act } from './parts.ts';
import type { Delivery, Revert } from './result.ts';
import type { TaskState } from './state.ts';

/** Delivery and revert: what becomes of the work. `undefined` for every other event. */
export function evolveChange(state: TaskState, recorded: Recorded): TaskState | undefined {
  return evolveDelivery(state, recorded) ?? evolveRevert(state, recorded);
}

function evolveDelivery(state: TaskState, { at, actor, event }: Recorded): TaskState | undefined {
  switch (event.type) {
    case 'delivery.voted':
      if (actor === undefined) return state;
      return act(
        {
          ...state,
          deliveryVotes: { commit: event.commit, votes: [...deliveryVotes(state), { by: actor, at }] },
        },
        at,
        `${actor.name} says yes to the delivery; others have to as well`,
      );
    case 'delivery.requested':
      return {
        ...state,
        ready: 'deliver',
        deliveryVotes: undefined,
        delivery: {
          status: 'requested',
          by: actor ?? state.requester,
          at,
          commit: event.commit,
          branch: event.branch,
          ...(deliveryVotes(state).length === 0 ? {} : { votes: deliveryVotes(state) }),
        },
      };
    case 'delivery.finished':
      return act(
        withDelivery(state, { status: 'delivered', at, result: event.result }),
        at,
        `Delivered to ${(state.workspace?.ofFolder ? undefined : state.delivery?.branch) ?? 'the project'}`,
      );
    case 'delivery.refused':
      return act(
        {
          ...withDelivery(state, { status: 'refused', at, reason: event.reason, unsure: event.unsure }),
          ready: undefined,
          deaths: undefined,
        },
        at,
        `${event.unsure ? 'Not known whether it was delivered' : 'Not delivered'}: ${event.reason}`,
      );
    default:
      return undefined;
  }
}

function withDelivery(state: TaskState, change: Partial<Delivery>): TaskState {
  return state.delivery === undefined ? state : { ...state, delivery: { ...state.delivery, ...change } };
}

function evolveRevert(state: TaskState, { at, actor, event }: Recorded): TaskState | undefined {
  switch (event.type) {
    case 'revert.proposed':
      return proposed(state, event, { at, actor, event });
    case 'revert.requested':
      return {
        ...withRevert(state, event.revertId, { status: 'requested', files: event.files, at }),
        ready: 'revert',
      };
    case 'revert.withdrawn':
      return withRevert(state, event.revertId, { status: 'withdrawn', at });
    case 'revert.finished':
      return act(withRevert(state, event.revertId, { status: 'done', at, result: event.result }), at, 'Reverted');
    case 'revert.refused':
      return act(
        {
          ...withRevert(state, event.revertId, { status: 'refused', at, reason: event.reason, unsure: event.unsure }),
          ready: undefined,
          deaths: undefined,
        },
        at,
        `${event.unsure ? 'Not known whether it was reverted' : 'Not reverted'}: ${event.reason}`,
      );
    default:
      return undefined;
  }
}

function proposed(
  state: TaskState,
  event: TaskEvent & { type: 'revert.proposed' },
  { at, actor }: Recorded,
): TaskState {
  const revert: Revert = {
    id: event.revertId,
    checkpoint: event.checkpoint,
    checkpointName:
      state.checkpoints.find((each) => each.n === event.checkpoint)?.name ?? `checkpoint ${event.checkpoint}`,
    by: actor ?? state.requester,
    at,
    status: 'proposed',
    head: event.head,
    manifest: event.manifest,
  };
  return { ...state, reverts: [...state.reverts, revert] };
}

function withRevert(state: TaskState, id: string, change: Partial<Revert>): TaskState {
  return { ...state, reverts: state.reverts.map((each) => (each.id === id ? { ...each, ...change } : each)) };
}
