import { extname } from 'node:path';
import { plainText } from '#core/text/sanitise.ts';
import { shorten } from '#core/text/shorten.ts';

/** Units of a name: with four bytes each still below the 255 bytes that file systems allow. */
const longest = 60;

/**
 * A name that somebody else chose as the name of a file: no path, nothing unprintable, not hidden, not too long; its ending is
 * kept. `taken` holds the names that are in use already; the new one is added.
 */
export function safeFileName(name: string, taken: Set<string>): string {
  const plain = plainText(name)
    .replaceAll(/[/\\:*?"<>|\s]+/g, ' ')
    .replace(/^[. ]+/, '')
    .trim();
  const ending = shortEnding(plain);
  const stem = shorten(ending === '' ? plain : plain.slice(0, -ending.length), longest) || 'file';
  let free = stem + ending;
  for (let copy = 2; taken.has(free.toLowerCase()); copy += 1) free = `${stem} (${copy})${ending}`;
  taken.add(free.toLowerCase());
  return free;
}

function shortEnding(name: string): string {
  const ending = extname(name);
  return ending.length <= 12 ? ending : '';
}
