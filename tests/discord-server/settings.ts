import { permission } from './permissions.ts';

/** The application as Discord's developer pages know it, and how strict the stand-in counts. */
export interface Settings {
  readonly token: string;
  readonly applicationId: string;
  /** The bot's user; the application's own id, as for every application made since 2016. */
  readonly botId: string;
  readonly botName: string;
  /** Privileged intents that are switched on in the portal. */
  readonly privilegedIntents: readonly PrivilegedIntent[];
  /** What the bot's role allows. */
  readonly botPermissions: bigint;
  /** Bytes of one file; 10 MiB without boosts (docs, Reference: Uploading Files). */
  readonly attachmentSizeLimit: number;
  /** Milliseconds between heartbeats; Discord asks for about 41,250. */
  readonly heartbeatInterval: number;
  /** How long a lost session can be resumed, in milliseconds. The docs say "a few minutes"; not published. */
  readonly sessionLife: number;
  /** IDENTIFYs a day (docs, Gateway: 1000; then the token is reset). */
  readonly identifiesADay: number;
  /** Milliseconds between two IDENTIFYs; Discord's is 5000. 0 lets a restarted client in at once. */
  readonly identifyInterval: number;
  /** How long a nonce with `enforce_nonce` finds the first message, in milliseconds. "The past few minutes"; not published. */
  readonly nonceWindow: number;
  /** Threads of the server that may be open at a time: 1000, by common knowledge; the docs name only the refusal (160006). */
  readonly activeThreads: number;
  /** Edits that a message older than an hour takes in an hour. Not published. */
  readonly oldEdits: number;
  /** How long a signed address of a file lives, in milliseconds; not published, seen to be a day. */
  readonly fileLife: number;
}

export type PrivilegedIntent = 'members' | 'presences' | 'messageContent';

/** What Commander asks for: no privileged intent, the permissions of its invitation. */
export const defaultSettings: Settings = {
  // The shape of a bot's token: discord.js and secret scanners look at it.
  token: `${Buffer.from('1300000000000000001').toString('base64')}.stand-in.${'x'.repeat(27)}`,
  applicationId: '1300000000000000001',
  botId: '1300000000000000001',
  botName: 'Commander',
  privilegedIntents: [],
  botPermissions:
    permission.viewChannel |
    permission.sendMessages |
    permission.sendMessagesInThreads |
    permission.createPublicThreads |
    permission.createPrivateThreads |
    permission.attachFiles |
    permission.embedLinks |
    permission.readMessageHistory |
    permission.addReactions |
    permission.useApplicationCommands,
  attachmentSizeLimit: 10 * 1024 * 1024,
  heartbeatInterval: 41_250,
  sessionLife: 180_000,
  identifiesADay: 1000,
  identifyInterval: 0,
  nonceWindow: 180_000,
  activeThreads: 1000,
  oldEdits: 3,
  fileLife: 24 * 60 * 60_000,
};
