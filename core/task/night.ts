import { z } from 'zod';
import { later } from './question-limit.ts';
import { onWorkingDay, type Remindable } from './reminding.ts';

/** The hours of a day, of a time zone, in which nobody is reminded: from the beginning of one to that of the other. */
export interface Night {
  readonly from: number;
  readonly to: number;
  /** IANA name. */
  readonly zone: string;
}

/** A night as the settings say it: `22-7`, or `none`. */
export const nightHours = z
  .string()
  .regex(/^(?:none|(?:[01]?\d|2[0-3])-(?:[01]?\d|2[0-3]))$/, 'must be none, or two hours such as 22-7')
  .meta({ examples: ['22-7', 'none'] });

/** The night of a place. */
export function nightOf(hours: z.infer<typeof nightHours>, zone: string): Night | undefined {
  const [from = 0, to = 0] = hours.split('-').map(Number);
  return hours === 'none' || from === to ? undefined : { from, to, zone };
}

/**
 * Until when nobody is reminded of something, because it is night; `undefined`: he may be now. What ends before the morning is
 * brought to mind all the same: later it would be too late. On a night in which clocks change it can be an hour off.
 */
export function restUntil({ limit }: Remindable, now: string, { from, to, zone }: Night): string | undefined {
  const [hour = 0, minute = 0] = clock(zone).format(Date.parse(now)).split(':').map(Number);
  const isNight = from < to ? hour >= from && hour < to : hour >= from || hour < to;
  if (!isNight) return undefined;
  const morning = later(now, (((to - hour + 24) % 24) * 60 - minute) * 60_000);
  if (limit === undefined) return onWorkingDay(morning);
  return limit.until <= morning ? undefined : morning;
}

function clock(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone });
}
