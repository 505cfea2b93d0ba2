/** Values for one reader, in the order in which they were put in. */
export interface Channel<T> {
  put(value: T): void;
  /** The last one. */
  end(value: T): void;
  readonly values: AsyncIterable<T>;
}

export function createChannel<T>(): Channel<T> {
  const waiting: T[] = [];
  let ended = false;
  let news = Promise.withResolvers<void>();

  async function* read(): AsyncGenerator<T> {
    for (;;) {
      const value = waiting.shift();
      if (value !== undefined) yield value;
      else if (ended) return;
      else {
        await news.promise;
        news = Promise.withResolvers();
      }
    }
  }

  function put(value: T): void {
    if (ended) return;
    waiting.push(value);
    news.resolve();
  }

  return {
    put,
    end(value) {
      put(value);
      ended = true;
    },
    values: read(),
  };
}
