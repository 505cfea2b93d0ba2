import type { AgentCommand } from '../commands/definitions.ts';

/** What was given for the options of a command, by their names. */
export type CommandValues = Readonly<Record<string, unknown>>;

/** What the run of an agent may want of other tasks: with the rights of the person who asked for its own task, and no more. */
export type OtherTasksRequest =
  /** A command of the table that agents may use, with its values by the names of its options. */
  | { readonly type: 'command'; readonly command: AgentCommand; readonly values: CommandValues }
  /** What was made of such a request before, in words; empty: nothing, and it may be made. */
  | { readonly type: 'find-made'; readonly request: string }
  /** A request in this person's name. The same one made again, by the same task in the same round, is one. */
  | { readonly type: 'create-task'; readonly request: string }
  /** To the mailbox of another task of this person. */
  | { readonly type: 'send-message'; readonly to: number; readonly text: string }
  /** What the runs of other tasks sent to this one, newest first; `after` and up to these places only, where they are given. */
  | { readonly type: 'inbox'; readonly after?: number; readonly upTo?: number }
  /** The place of the newest of it, in digits; 0: nothing was sent. */
  | { readonly type: 'newest-mail' };

/** Answers in words for the agent. @throws with words for it when it may not, or not now. */
export type OtherTasks = (request: OtherTasksRequest) => Promise<string>;

/** What an empty mailbox answers. */
export const noMail = 'Nothing was sent to this task.';

/** For a run that has no other tasks. */
export const noOtherTasks: OtherTasks = async ({ type }) => (type === 'newest-mail' ? '0' : noMail);

/** Tasks that one task may make in a round; more are a plan for a person. */
export const mostTasksMade = 5;
/** Messages that one task may send. */
export const mostMessagesSent = 50;
