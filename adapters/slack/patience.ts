/** How long Slack is waited for, in milliseconds; tests have less. */
export interface Patience {
  /** One try of a call. After it nobody knows what became of the call. */
  readonly callMs: number;
  /** After so long a press is acknowledged before its work is done; Slack waits 3 s. */
  readonly answerMs: number;
  /** A file of which no byte moved for so long does not arrive any more. */
  readonly stillMs: number;
  /** A file that could not be put into its thread for so long is not tried any more. */
  readonly shareMs: number;
  /** A token's renewal that failed is tried again after so long, not at each call. */
  readonly renewAgainMs: number;
  /** After nothing was heard for a while it is looked back when a connection has stood for so long. */
  readonly settleMs: number;
  /** For so long after an error a call that nobody knows the outcome of can still take effect. */
  readonly graces: Graces;
}

export interface Graces {
  /** No answer came: Slack may be at work on it yet (seen live: a timed-out post that landed seconds later). */
  readonly unanswered: number;
  /** Slack answered that it failed, which a gateway also does while the work goes on. */
  readonly failed: number;
}

export const defaultPatience: Patience = {
  callMs: 10_000,
  answerMs: 2000,
  stillMs: 30_000,
  shareMs: 10 * 60_000,
  renewAgainMs: 30_000,
  settleMs: 2000,
  graces: { unanswered: 15_000, failed: 3000 },
};
