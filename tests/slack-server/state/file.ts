/** A file in Slack. */
export interface SlackFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimetype: string;
  /** Bytes. */
  readonly size: number;
  readonly user: string;
  readonly team: string;
  readonly created: number;
  /** Hash of the bytes, in hex. */
  readonly sha256: string;
  /** The bytes, kept up to `keptBytes`. */
  readonly bytes?: Buffer;
  /** Where the bytes are to be had, with a bot token of the scope files:read. */
  readonly urlPrivate: string;
  readonly permalink: string;
  /** `check_file_info` files come from another organisation (Slack Connect). */
  readonly access: 'visible' | 'check_file_info';
  readonly altText?: string;
  deleted: boolean;
}

/** A file whose upload was announced and has not been completed. */
export interface Upload {
  readonly id: string;
  readonly secret: string;
  readonly name: string;
  readonly length: number;
  readonly altText?: string;
  received?: { readonly size: number; readonly sha256: string; readonly bytes?: Buffer; readonly mimetype: string };
}

/** Larger files are known by their hash alone, so that a test of memory measures the bot. */
export const keptBytes = 8 * 1024 * 1024;
