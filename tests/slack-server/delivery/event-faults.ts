/** What can happen to events between Slack and the app. */
export interface EventFaults {
  /** The next `times` events arrive twice, with the same event id and no retry mark. */
  duplicate(times: number): void;
  /** The next `count` events are held and then sent in reversed order. */
  reorder(count: number): void;
  /** The next `times` acknowledgements are lost on their way: Slack sends those events again, marked as a retry. */
  loseAcknowledgements(times: number): void;
  /** The next `times` events never arrive and are not sent again. */
  lose(times: number): void;
  clear(): void;
}

export interface EventRouting extends EventFaults {
  /** Whether an acknowledgement gets lost; counts it. */
  takesAcknowledgement(): boolean;
  /** Sends what is due of an event: nothing yet, itself, itself twice, or what was held. */
  route<Event>(event: Event, send: (event: Event) => void): void;
}

export function createEventFaults(): EventRouting {
  let duplicates = 0;
  let losses = 0;
  let lostAcknowledgements = 0;
  let holding = 0;
  let held: Array<() => void> = [];
  return {
    duplicate: (times) => {
      duplicates = times;
    },
    lose: (times) => {
      losses = times;
    },
    reorder: (count) => {
      holding = count;
    },
    clear: () => {
      duplicates = 0;
      losses = 0;
      lostAcknowledgements = 0;
      holding = 0;
    },
    loseAcknowledgements: (times) => {
      lostAcknowledgements = times;
    },
    takesAcknowledgement() {
      const taken = lostAcknowledgements > 0;
      if (taken) lostAcknowledgements -= 1;
      return taken;
    },
    route(event, send) {
      if (losses > 0) {
        losses -= 1;
        return;
      }
      const copies = duplicates > 0 ? 2 : 1;
      duplicates = Math.max(0, duplicates - 1);
      const go = () => {
        for (let copy = 0; copy < copies; copy += 1) send(event);
      };
      if (holding === 0) return go();
      held.push(go);
      holding -= 1;
      if (holding > 0) return;
      const due = held.reverse();
      held = [];
      for (const late of due) late();
    },
  };
}
