import { plainText } from '#core/text/sanitise.ts';

/** Longest name that every usual file system takes, in bytes of UTF-8, less room for a number. */
const nameBytes = 200;

/** A name that is only a name: no folder, no control character, never empty. */
export function safeName(name: string): string {
  const last = plainText(name, { singleLine: true }).split(/[/\\]/).at(-1)?.trim() ?? '';
  const bare = last.replace(/^[.\s]+/, '');
  if (bare === '') return 'file';
  const dot = bare.lastIndexOf('.');
  const ending = dot > 0 && bare.length - dot <= 12 ? bare.slice(dot) : '';
  const stem = ending === '' ? bare : bare.slice(0, dot);
  return (fitting(stem, nameBytes - Buffer.byteLength(ending)) + ending).trimEnd();
}

/** As many whole characters from the start as fit into that many bytes of UTF-8. */
function fitting(text: string, bytes: number): string {
  let room = bytes;
  let end = 0;
  for (const character of text) {
    room -= Buffer.byteLength(character);
    if (room < 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}
