/** What the first bytes of a connection say of the server that is wanted (RFC 8446 4.1.2, RFC 6066 3). */
export type Hello =
  /** A TLS ClientHello, with the name in it, if there is one. */
  | { readonly kind: 'tls'; readonly serverName: string | undefined }
  | { readonly kind: 'other' }
  /** More bytes are needed. */
  | { readonly kind: 'unfinished' };

/** A larger greeting than this is none, in bytes: those of today, with post-quantum keys, have less than 2 KiB. */
const longestHello = 16 * 1024;
const recordHeader = 5;

/** Reads the greeting of a TLS client. One that is split over several records is not accepted: no client does that unasked. */
export function readClientHello(bytes: Buffer): Hello {
  const [type, major] = bytes;
  if (type !== undefined && type !== 0x16) return { kind: 'other' };
  if (major !== undefined && major !== 3) return { kind: 'other' };
  if (bytes.length < recordHeader) return { kind: 'unfinished' };
  const length = bytes.readUInt16BE(3);
  if (length > longestHello || length < 4) return { kind: 'other' };
  if (bytes.length < recordHeader + length) return { kind: 'unfinished' };
  try {
    return readHandshake(bytes.subarray(recordHeader, recordHeader + length));
  } catch (error) {
    // A length in it leads out of it.
    if (error instanceof RangeError) return { kind: 'other' };
    throw error;
  }
}

function readHandshake(record: Buffer): Hello {
  if (record[0] !== 1 || record.readUIntBE(1, 3) !== record.length - 4) return { kind: 'other' };
  // Version and random, session id, cipher suites, compression methods.
  let at = 4 + 2 + 32;
  at += 1 + record.readUInt8(at);
  at += 2 + record.readUInt16BE(at);
  at += 1 + record.readUInt8(at);
  if (at === record.length) return { kind: 'tls', serverName: undefined };
  const end = at + 2 + record.readUInt16BE(at);
  if (end !== record.length) return { kind: 'other' };
  at += 2;
  const names: string[] = [];
  while (at < end) {
    const size = record.readUInt16BE(at + 2);
    if (record.readUInt16BE(at) === 0) names.push(...serverNames(record.subarray(at + 4, at + 4 + size)));
    at += 4 + size;
  }
  return names.length > 1 ? { kind: 'other' } : { kind: 'tls', serverName: names[0] };
}

function serverNames(extension: Buffer): readonly string[] {
  const names: string[] = [];
  for (let at = 2; at < extension.length; ) {
    const size = extension.readUInt16BE(at + 1);
    names.push(extension.toString('latin1', at + 3, at + 3 + size).toLowerCase());
    at += 3 + size;
  }
  return names;
}
