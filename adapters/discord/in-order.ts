import { keepRecent } from './recent.ts';

/** Brings what happens to a message, and the messages of a place, in their order, and different places beside each other. */
export interface MessageOrder {
  /** Takes a message, after those of its place that came before; one of them that could not be taken holds up nothing. */
  first<Result>(message: PlacedMessage, work: () => Promise<Result>): Promise<Result>;
  /** Follows a change of it, when it is taken; fails while it could not be, so that the change comes again too. */
  after(id: string, work: () => Promise<void>): Promise<void>;
}

export interface PlacedMessage {
  readonly id: string;
  /** Its channel or thread. */
  readonly channel_id: string;
}

/** An edit that comes at once, or is delivered again together with its message, never overtakes it. */
export function messageOrder(): MessageOrder {
  const taking = new Map<string, Promise<unknown>>();
  const changing = new Map<string, Promise<void>>();
  /** The newest message of a place that is being taken. */
  const newest = new Map<string, Promise<void>>();
  return {
    first({ id, channel_id: place }, work) {
      const turn = (newest.get(place) ?? Promise.resolve()).then(work);
      // Of a message that is left for good nothing follows that would take it out.
      keepRecent(taking, id, turn);
      const over = turn.then(
        () => void taking.delete(id),
        () => undefined,
      );
      newest.set(place, over);
      void over.then(() => {
        if (newest.get(place) === over) newest.delete(place);
      });
      return turn;
    },
    async after(id, work) {
      const before = changing.get(id)?.catch(() => undefined);
      const turn = Promise.all([taking.get(id), before]).then(work);
      changing.set(id, turn);
      await turn.finally(() => {
        if (changing.get(id) === turn) changing.delete(id);
      });
    },
  };
}
