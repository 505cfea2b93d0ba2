/** What the agent of another task wrote to a task. */
export interface Mail {
  /** The number of that task. */
  readonly from: number;
  readonly text: string;
  readonly at: string;
}

/** The newest ones that a task keeps for its thread; its mailbox has more. */
export const mailKept = 5;
