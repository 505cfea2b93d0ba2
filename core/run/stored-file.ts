import { formatBytes } from '../text/bytes.ts';

/** Bytes that lie in the blob store. */
export interface StoredBytes {
  /** SHA-256 of the bytes, hexadecimal: the blob store's name for them. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** Stored bytes that people know as a file. */
export interface StoredFile extends StoredBytes {
  readonly name: string;
  readonly mediaType: string;
}

/**
 * Keeps bytes in the blob store, at most `limitBytes` of them; nothing is left behind when it fails.
 * @throws TooLargeToStore, StoreFull
 */
export type StoreBytes = (bytes: AsyncIterable<Uint8Array>, limitBytes: number) => Promise<StoredBytes>;

/** There is more than may be stored. */
export class TooLargeToStore extends Error {
  readonly code = 'too_large';
  constructor(limitBytes: number) {
    super(`it is larger than ${formatBytes(limitBytes)}`);
  }
}

/** The disk of the blob store takes no more. */
export class StoreFull extends Error {
  readonly code = 'disk_full';
  constructor() {
    super('Commander’s disk is full. Whoever runs it has to free some space.');
  }
}
