/** The promise, or a rejection as soon as the signal aborts; what the promise does after that is nobody's concern. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal, why: () => Error): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(why());
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  promise.catch(() => {});
  return Promise.race([promise, aborted.promise]).finally(() => signal.removeEventListener('abort', abort));
}
