import type { AgentSpec } from '#core/agents/settings.ts';
import type { Reaction } from '#core/chat/adapter.ts';
import type { TestCommander } from '#tests/whole/commander.ts';

/**
 * People of a place: one who administers it, one who may only ask, `carl`, who asks too until he is given another role, and `dora`, who
 * administers it while `setManaging` says so.
 */
export type Who = 'admin' | 'member' | 'carl' | 'dora';

/** A post as somebody still has it on his screen, whatever became of it since. */
export interface Screen {
  /** Presses the button there. Resolves when the press was answered. */
  press(who: Who): Promise<void>;
  /** What a person alone was told about this thread, oldest first. */
  told(who: Who): readonly string[];
  /** Somebody takes the post away. Not every platform lets people do that. */
  remove?(): void;
}

/** What somebody said in a thread, for him to change or to take back. */
export interface Said {
  edit(text: string): Promise<void>;
  remove(): Promise<void>;
}

/** A text file that somebody sends along. */
export interface SentFile {
  readonly name: string;
  readonly content: string;
}

/** What a platform is started with. */
export interface ScenarioOptions {
  /** Coding agents of the worker. */
  readonly agents?: readonly AgentSpec[];
}

/** A whole Commander on one chat platform, used as people there do. */
export interface ScenarioPlatform {
  readonly commander: TestCommander;
  /** From now on dora administers the place, or no longer, as the platform itself has it. */
  setManaging(isManaging: boolean): Promise<void>;
  /** Mentions the bot in a channel; what is returned stands for the thread. */
  ask(text: string, who: Who): Promise<string>;
  /** The same in the channel of another thread. */
  askBeside(thread: string, text: string, who: Who): Promise<string>;
  /** The same about what the other one said, forwarded or answered. Not every platform has such a thing. */
  askAbout?(said: string, text: string, who: Who): Promise<string>;
  /** Asks the bot directly, where nobody else reads. Not every platform has such a place. */
  askDirectly?(text: string, who: Who): Promise<string>;
  /** What a list of tasks on this platform leads to for a task of that thread. */
  linkOf(thread: string): string;
  /** Says something in the thread; on Discord by name, unless the bot sees what does not name it. */
  say(thread: string, text: string, who: Who, file?: SentFile): Promise<Said>;
  /** Everything that the thread shows from the bot, a text for each post, oldest first. */
  posts(thread: string): Promise<readonly string[]>;
  /** The texts of the files that go with the bot's posts in the thread. */
  files(thread: string): Promise<readonly string[]>;
  /** From now on no file can be sent, until what is returned is called. Not every platform is sent files. */
  failUploads?(): () => void;
  /** Waits until the thread shows these words. */
  until(thread: string, words: string): Promise<void>;
  /** Presses the button of that label on the newest post that has it, and answers "sure?" with yes. */
  press(thread: string, label: string, who: Who): Promise<void>;
  /** The same, where he may not: what only he is told. */
  refusal(thread: string, label: string, who: Who): Promise<string>;
  /** The newest post that has the button of that label, as it is now. */
  screen(thread: string, label: string): Promise<Screen>;
  /** Sends the form that the button of that label opens, chosen values by their own names: what is wrong with it, nothing when it is taken. */
  fill(thread: string, label: string, values: Readonly<Record<string, string>>, who: Who): Promise<string>;
  /** Puts a sign on the newest post that has the button of that label. Not every platform has such signs. */
  react?(thread: string, label: string, meaning: Reaction['meaning'], who: Who): void;
  /** Chooses an option of the newest menu of that name. */
  choose(thread: string, menu: string, option: string, who: Who): Promise<void>;
  stop(): Promise<void>;
}
