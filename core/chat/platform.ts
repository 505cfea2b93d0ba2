import type { AdapterStore } from './adapter.ts';
import type { InstallationStore } from './installations.ts';

/** What an adapter tells its operator: facts, then a sentence. A pino logger is one. */
export interface AdapterLog {
  info(facts: object, sentence: string): void;
  warn(facts: object, sentence: string): void;
  error(facts: object, sentence: string): void;
}

/** What an adapter of an outside platform is made with. */
export interface PlatformParts<Settings> {
  readonly settings: Settings;
  readonly store: AdapterStore;
  readonly log: AdapterLog;
  /** Tells the person at the terminal what concerns him, in a sentence. */
  readonly tell?: (sentence: string) => void;
  /** Keeps other processes on the same database from doing the same; without it there are none. */
  readonly claim?: Claim;
}

/**
 * Makes this process the only one to have something, for as long as it lives and holds it; `undefined`: another one has it.
 * `onLost`: the database connection that held it is gone, and another process may have it by now.
 */
export type Claim = (what: string, onLost: () => void) => Promise<Claimed | undefined>;

export interface Claimed {
  release(): Promise<void>;
}

/** What an adapter is made with on a platform whose places add the bot by themselves. */
export interface InstallableParts<Settings> extends PlatformParts<Settings> {
  /** Given when the settings say that they do. */
  readonly installations?: InstallationStore;
}

/** How Slack's workspaces add Commander by themselves (OAuth). */
export interface SlackInstalling {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Ids of the workspaces that may, for who administers one of them is an admin of Commander; `any`: all. */
  readonly workspaces: readonly string[] | 'any';
  /** Another address of the page where a person agrees: a stand-in for tests. */
  readonly authorizeUrl?: string;
}

/**
 * How Commander reaches Slack: one workspace with its `botToken`, or many with `installing`; with `appToken` (Socket Mode),
 * `signingSecret` (HTTP) or both.
 */
export interface SlackSettings {
  /** `xoxb-…` */
  readonly botToken?: string;
  readonly installing?: SlackInstalling;
  /** `xapp-…`: Socket Mode. */
  readonly appToken?: string;
  /** Events and interactions over HTTP are signed with it. */
  readonly signingSecret?: string;
  /** Another address of Slack's Web API, ending with `/`: a stand-in for tests. */
  readonly apiUrl?: string;
  /** Commander's address for people, no slash at the end. */
  readonly address?: string;
}

/** How Commander reaches Discord. */
export interface DiscordSettings {
  readonly token: string;
  /** The one server that commands are declared in at once; absent: everywhere, which Discord spreads within an hour. */
  readonly guildId?: string;
  /** The portal allows the words of messages that do not name the bot: replies in a task's thread need no mention then. */
  readonly messageContent?: boolean;
  /** Another address of Discord's REST API: a stand-in for tests. */
  readonly apiUrl?: string;
  /** Time for one try of a request, in milliseconds; 10,000 unless named. */
  readonly timeoutMs?: number;
  /** Commander's address for people, no slash at the end. */
  readonly address?: string;
}
