/** Commander can not be spoken to; the message says what to do. */
export class Unreachable extends Error {
  readonly code = 'unreachable';
}

/** Commander, or what stands before it, refuses the request; the message is its own. */
export class RequestRefused extends Error {
  readonly code = 'request_refused';
}
