/** A request that is answered with an error; the message is for the person. */
export class Refusal extends Error {
  readonly status: 400 | 401 | 403 | 404 | 413 | 415 | 507;
  readonly code: string;
  constructor(status: Refusal['status'], code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
