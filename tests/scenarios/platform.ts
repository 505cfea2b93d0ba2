import type { TestCommander } from '#tests/whole/commander.ts';

/** Two people of a place: one who administers it, one who may only ask. */
export type Who = 'admin' | 'member';

/** A whole Commander on one chat platform, used as people there do. */
export interface ScenarioPlatform {
  readonly commander: TestCommander;
  /** Mentions the bot in a channel; what is returned stands for the thread. */
  ask(text: string, who: Who): Promise<string>;
  /** Everything that the thread shows from the bot, a text for each post, oldest first. */
  posts(thread: string): Promise<readonly string[]>;
  /** Waits until the thread shows these words. */
  until(thread: string, words: string): Promise<void>;
  /** Presses the button of that label on the newest post that has it, and answers "sure?" with yes. */
  press(thread: string, label: string, who: Who): Promise<void>;
  /** The same, where he may not: what only he is told. */
  refusal(thread: string, label: string, who: Who): Promise<string>;
  stop(): Promise<void>;
}
