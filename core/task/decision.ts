import type { Decision, Refusal } from './commands.ts';
import type { TaskEvent } from './events.ts';

/** The command is carried out by these events. */
export function happens(...events: readonly TaskEvent[]): Decision {
  return { ok: true, events };
}

/** The command changes nothing, for this reason. */
export function refuse(code: Refusal['code'], message: string): Decision {
  return { ok: false, refusal: { code, message } };
}
