import { html } from 'htm/preact';
import type { ComponentChild } from 'preact';
import { useEffect, useReducer } from 'preact/hooks';
import { formatDuration } from '#core/text/duration.ts';
import { fullTime, messageTime, momentTime, relativeTime } from './time.ts';

const shapes = { ago: relativeTime, message: messageTime, moment: momentTime };

/** A moment in words that stay true while it ages; the full time is in the tooltip. */
export function When({ at, shape }: { at: string; shape: keyof typeof shapes }): ComponentChild {
  const now = useNow(shape === 'moment' ? 60_000 : 15_000);
  const moment = new Date(at);
  return html`<time dateTime=${at} title=${fullTime(moment)}>${shapes[shape](moment, now)}</time>`;
}

/** Time since a moment, counting on by itself. A screen reader is not told each second (`role="timer"` is silent). */
export function Elapsed({ since }: { since: string }): ComponentChild {
  const now = useNow(1000);
  const start = new Date(since);
  const seconds = Math.max(0, Math.floor((now.getTime() - start.getTime()) / 1000));
  return html`<span class="elapsed" role="timer" title=${`since ${fullTime(start)}`}>${formatDuration(seconds * 1000)}</span>`;
}

/** The present, again every `every` ms while the page is seen, and at once when it is seen again. */
export function useNow(every: number): Date {
  const [, tick] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const redraw = () => {
      if (document.visibilityState === 'visible') tick(undefined);
    };
    const timer = setInterval(redraw, every);
    document.addEventListener('visibilitychange', redraw);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', redraw);
    };
  }, [every]);
  return new Date();
}
