import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sealKeyBytes } from '#db/chat/seal.ts';

/** The key can't be used; the message says what to do. */
export class BadSecretKey extends Error {
  readonly code = 'bad_secret_key';
}

const fileName = 'secret.key';

/**
 * The key that secrets in the database are encrypted with: as given (`COMMANDER_SECRET_KEY`), else that of the data directory,
 * which is made at first need and is the owner's alone to read.
 * @throws BadSecretKey
 */
export async function secretKey(home: string, given: string | undefined): Promise<Buffer> {
  if (given !== undefined) return decode(given, 'COMMANDER_SECRET_KEY');
  const path = join(home, fileName);
  try {
    // `wx`: of two that start at once one makes it, and the other reads what that one made.
    await writeFile(path, `${randomBytes(sealKeyBytes).toString('base64')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return decode((await readFile(path, 'utf8')).trim(), path);
}

function decode(text: string, where: string): Buffer {
  const key = Buffer.from(text, 'base64');
  if (key.length === sealKeyBytes) return key;
  throw new BadSecretKey(
    `${where} is no key: it must be ${sealKeyBytes} bytes in base64, as “openssl rand -base64 ${sealKeyBytes}” gives them.`,
  );
}
