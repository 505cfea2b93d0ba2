/** A place of a platform (a workspace of Slack) that somebody added the bot to, with the tokens that count there. */
export interface Installation {
  /** The platform's own id of the place. */
  readonly place: string;
  readonly name: string;
  /** Where people reach the place, ending with `/`: `https://acme.slack.com/`. */
  readonly address: string;
  /** The bot's own user there. */
  readonly botUser: string;
  readonly token: string;
  /** Of a token that ends: what it is renewed with, once. */
  readonly refreshToken?: string;
  /** When the token ends, in milliseconds since 1970. */
  readonly expiresAt?: number;
  /** The id of the person who added it. */
  readonly installedBy: string;
}

/** Installations of one platform, durable; tokens are encrypted where they lie. */
export interface InstallationStore {
  /** @throws InstallationUnreadable */
  find(place: string): Promise<Installation | undefined>;
  /** Ids of all places. */
  places(): Promise<readonly string[]>;
  /** Adds one or replaces that of the same place. */
  save(installation: Installation): Promise<void>;
  /** Removes the one with this token; false when there is none: it was added anew, or renewed. */
  remove(place: string, token: string): Promise<boolean>;
  /**
   * Renews the tokens of a place, by one process at a time: whoever comes while another is at it waits, and gets what that one
   * stored. `renew` is only called while the stored token is `stale`. `undefined`: it is not installed any more.
   * @throws InstallationUnreadable, and whatever `renew` throws; then nothing was changed.
   */
  renew(
    place: string,
    stale: string,
    renew: (current: Installation) => Promise<Installation>,
  ): Promise<Installation | undefined>;
  /** Remembers that an installation was begun, for so many milliseconds. `state` is unguessable and never stored as it is. */
  begin(state: string, lifeMs: number): Promise<void>;
  /** Ends a beginning: true once, in its time. */
  end(state: string): Promise<boolean>;
}

/** The stored tokens can't be read; the message says what to do. */
export class InstallationUnreadable extends Error {
  readonly code = 'installation_unreadable';
}
