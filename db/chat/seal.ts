import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Bytes of the key: AES-256. */
export const sealKeyBytes = 32;

/** Bytes of what makes each encryption differ, and of the proof that nothing was changed (NIST SP 800-38D). */
const nonceBytes = 12;
const proofBytes = 16;

/** Encrypts a text (AES-256-GCM). `about` is no secret; what was sealed about one thing can't be opened as about another. */
export function seal(key: Buffer, about: string, text: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** What was sealed; `undefined` with another key, about something else, or when a byte was changed. */
export function unseal(key: Buffer, about: string, sealed: Buffer): string | undefined {
  const nonce = sealed.subarray(0, nonceBytes);
  const proof = sealed.subarray(nonceBytes, nonceBytes + proofBytes);
  if (proof.length < proofBytes) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: proofBytes })
    .setAAD(Buffer.from(about))
    .setAuthTag(proof);
  const body = decipher.update(sealed.subarray(nonceBytes + proofBytes));
  try {
    return Buffer.concat([body, decipher.final()]).toString('utf8');
  } catch {
    // The proof does not fit: that is the answer.
    return undefined;
  }
}
