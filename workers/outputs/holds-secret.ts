import { createReadStream } from 'node:fs';
import { relative } from 'node:path';
import type { Redactor } from '#core/text/redact.ts';
import { plainText } from '#core/text/sanitise.ts';
import { NotAFileInside, openInside } from './open-inside.ts';

/**
 * Why a file below `root` must not leave it: its name or its content holds a secret, in any spelling, also in the middle of binary
 * data. `undefined` when it may, and for what is no ordinary file, which is judged elsewhere.
 */
export async function whySecret(secrets: Redactor, root: string, path: string): Promise<string | undefined> {
  if (secrets.longest === 0) return undefined;
  const named = secrets.find(relative(root, path));
  if (named !== undefined) return `its name holds the secret ${named}`;
  try {
    const file = await openInside(root, path);
    try {
      const text = createReadStream('', { fd: file, start: 0, autoClose: false, encoding: 'utf8' });
      const name = await secretIn(text, secrets);
      return name === undefined ? undefined : `it holds the secret ${name}`;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof NotAFileInside) return undefined;
    throw error;
  }
}

/** A character with a colour code behind it. */
const colouredLength = 8;

async function secretIn(text: AsyncIterable<string>, secrets: Redactor): Promise<string | undefined> {
  let held = '';
  for await (const piece of text) {
    held += piece;
    // Colour codes between its characters hide a secret until somebody takes them out.
    const name = secrets.find(held) ?? secrets.find(plainText(held));
    if (name !== undefined) return name;
    held = held.slice(-secrets.longest * colouredLength);
  }
  return undefined;
}
