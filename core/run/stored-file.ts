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
