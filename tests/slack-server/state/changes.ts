/** Tells waiting tests that something in the stand-in has changed. */
export interface Changes {
  /** Something has changed: every wait looks again. */
  notify(): void;
  /**
   * Resolves with the first answer of `look` that is neither `undefined` nor `false`, now or after a later change.
   * @throws Error when nothing came within `within` milliseconds, or the stand-in was stopped: says what was waited for.
   */
  waitFor<Found>(what: string, look: () => Found | undefined | false, within?: number): Promise<Found>;
  /** Ends every wait. */
  stop(): void;
}

/** Long enough for a busy machine; only a test that fails ever waits this long. */
const patience = 20_000;

/** `platform` is named in the error of a wait that failed. */
export function createChanges(platform = 'Slack'): Changes {
  const waits = new Set<{ look(): void; fail(why: string): void }>();
  return {
    notify: () => {
      for (const wait of [...waits]) wait.look();
    },
    waitFor: (what, look, within = patience) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => wait.fail(`within ${within} ms`), within);
        const leave = () => {
          clearTimeout(timer);
          waits.delete(wait);
        };
        const wait = {
          look: () => {
            const found = look();
            if (found === undefined || found === false) return;
            leave();
            resolve(found);
          },
          fail: (why: string) => {
            leave();
            reject(new Error(`The ${platform} stand-in did not see ${what} ${why}`));
          },
        };
        waits.add(wait);
        wait.look();
      }),
    stop: () => {
      for (const wait of [...waits]) wait.fail('before it was stopped');
    },
  };
}
