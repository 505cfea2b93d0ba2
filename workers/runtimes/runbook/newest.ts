import { pause } from '../../pause.ts';

/** Of values that come at any speed, the newest, at most one per interval (milliseconds), and always the very last. */
export async function* newest<T>(values: AsyncIterable<T>, intervalMs: number): AsyncGenerator<T> {
  const ended = new AbortController();
  let latest: { readonly value: T } | undefined;
  let news = Promise.withResolvers<void>();

  async function read(): Promise<void> {
    for await (const value of values) {
      latest = { value };
      news.resolve();
    }
  }

  const reading = read().finally(() => {
    ended.abort();
    news.resolve();
  });
  for (;;) {
    await news.promise;
    news = Promise.withResolvers();
    if (latest !== undefined) {
      const { value } = latest;
      latest = undefined;
      yield value;
    }
    if (ended.signal.aborted && latest === undefined) break;
    if (ended.signal.aborted || latest !== undefined) news.resolve();
    await pause(intervalMs, ended.signal);
  }
  await reading;
}
