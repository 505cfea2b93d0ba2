/** Values for one reader, in the order in which they were put in. */
export interface Channel<T> {
  put(value: T): void;
  /** Puts a value in, and resolves when the reader is done with it, so that it asks for the next; never when it leaves before. */
  hand(value: T): Promise<void>;
  /** The last one. */
  end(value: T): void;
  /** Nothing more comes: what is there is read, then reading throws this. */
  fail(error: unknown): void;
  readonly values: AsyncIterable<T>;
}

export function createChannel<T>(): Channel<T> {
  const waiting: { readonly value: T; readonly done: () => void }[] = [];
  let ended = false;
  let failure: { readonly error: unknown } | undefined;
  let news = Promise.withResolvers<void>();

  async function* read(): AsyncGenerator<T> {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) {
        yield next.value;
        next.done();
      } else if (failure !== undefined) throw failure.error;
      else if (ended) return;
      else {
        await news.promise;
        news = Promise.withResolvers();
      }
    }
  }

  function add(value: T, done = () => {}): void {
    if (ended) return;
    waiting.push({ value, done });
    news.resolve();
  }

  return {
    put: (value) => add(value),
    hand: (value) => new Promise((done) => add(value, done)),
    end(value) {
      add(value);
      ended = true;
    },
    fail(error) {
      if (ended) return;
      ended = true;
      failure = { error };
      news.resolve();
    },
    values: read(),
  };
}
