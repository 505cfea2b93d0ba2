import type { StoredBytes } from '#core/run/stored-file.ts';
import { storeBlob } from '#db/blobs/store-blob.ts';

/** What a card shows of an approval, in characters; Slack's section takes 3,000. */
const shownLength = 2_800;
/** What is longer is not asked of anybody, in bytes. */
const wholeLimitBytes = 10 * 1024 * 1024;

/**
 * What is to be approved as a card can carry it. What is longer than that is kept whole in a file that goes with the card, and the
 * text says so, so that nobody believes to have seen everything; the card says the hash of all.
 */
export async function asShown(
  home: string,
  text: string,
): Promise<{ readonly shown: string; readonly whole?: StoredBytes }> {
  if (text.length <= shownLength) return { shown: text };
  const whole = await storeBlob(home, bytesOf(text), wholeLimitBytes);
  // A cut in the middle of a character would leave half of it.
  const beginning = text.slice(0, shownLength - 200).replace(/[\ud800-\udbff]$/, '');
  const more = text.length - beginning.length;
  return { shown: `${beginning}\n[${more} more characters: all of it is in the file.]`, whole };
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
