/** Too many requests: answered with 429 and Retry-After. */
export class RateLimited extends Error {
  readonly code = 'ratelimited';
  readonly seconds: number;

  constructor(seconds: number) {
    super(`Too many requests: again in ${seconds} s`);
    this.seconds = seconds;
  }
}
