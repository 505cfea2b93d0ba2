import { Refusal } from './api/refusal.ts';
import type { Clock } from './clock.ts';

/** What a person's action allows the app to open: once, and within 3 seconds (docs.slack.dev, modals). */
export interface Triggers {
  /** `viewId` is the view in which the person acted. */
  issue(team: string, user: string, viewId?: string): string;
  /** @throws Refusal `invalid_trigger_id`, `expired_trigger_id`, `exchanged_trigger_id`. */
  exchange(team: string, trigger: string): { readonly user: string; readonly viewId?: string };
}

const lifeMilliseconds = 3000;

export function createTriggers(clock: Clock): Triggers {
  const issued = new Map<string, { team: string; user: string; viewId?: string; at: number; used: boolean }>();
  return {
    issue(team, user, viewId) {
      const trigger = `${issued.size + 1}.${clock.now()}.${Buffer.from(user).toString('hex')}`;
      issued.set(trigger, { team, user, ...(viewId !== undefined && { viewId }), at: clock.now(), used: false });
      return trigger;
    },
    exchange(team, trigger) {
      const found = issued.get(trigger);
      if (found === undefined || found.team !== team) throw new Refusal('invalid_trigger_id');
      if (found.used) throw new Refusal('exchanged_trigger_id');
      if (clock.now() - found.at > lifeMilliseconds) throw new Refusal('expired_trigger_id');
      found.used = true;
      return found;
    },
  };
}
