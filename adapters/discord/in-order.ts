/** Brings what happens to a message in its order, and different messages beside each other. */
export interface MessageOrder {
  /** Takes a message. */
  first<Result>(id: string, work: () => Promise<Result>): Promise<Result>;
  /** Follows a change of it, when it is taken; fails while it could not be, so that the change comes again too. */
  after(id: string, work: () => Promise<void>): Promise<void>;
}

/** An edit that comes at once, or is delivered again together with its message, never overtakes it. */
export function messageOrder(): MessageOrder {
  const taking = new Map<string, Promise<unknown>>();
  const changing = new Map<string, Promise<void>>();
  return {
    first(id, work) {
      const turn = work();
      taking.set(id, turn);
      turn.then(
        () => taking.delete(id),
        () => undefined,
      );
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
