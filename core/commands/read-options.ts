import type { CommandOption } from '../chat/adapter.ts';

/** What words say of a command's options, by their names; or the words that no option takes. */
export type ReadOptions =
  | { readonly ok: true; readonly values: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly unread: string };

/** Words that say whose something is, or what it belongs to. */
const belongs = /^(?:of|from|by)$/i;

/**
 * Reads words after a command's name as values of its options, in any order: a choice by itself (`mine`), a task by its number
 * (`#12`, `of #12`), a number by itself, other values after the word that announces them (`in api`, `by ana`). What nothing
 * announces goes to the first option that takes free words.
 */
export function readOptions(words: readonly string[], options: readonly CommandOption[]): ReadOptions {
  const values = new Map<string, string[]>();
  const add = ({ name }: CommandOption, word: string) => values.set(name, [...(values.get(name) ?? []), word]);
  const free = options.find(takesWords);
  let announced: CommandOption | undefined;
  for (const [index, word] of words.entries()) {
    const next = words[index + 1];
    const announces = options.find((option) => isAnnounced(option, word));
    const known = options.find((option) => !values.has(option.name) && isValue(option, word));
    if (next !== undefined && belongs.test(word) && /^#\d/.test(next)) announced = undefined;
    else if (next !== undefined && announces !== undefined) announced = announces;
    else if (known !== undefined && (announced === undefined || values.has(announced.name))) {
      add(known, word.replace(/^#/, '').toLowerCase());
      announced = undefined;
    } else if ((announced ?? free) === undefined) return { ok: false, unread: words.slice(index).join(' ') };
    else add((announced ?? free) as CommandOption, word);
  }
  return { ok: true, values: Object.fromEntries([...values].map(([name, said]) => [name, said.join(' ')])) };
}

function isAnnounced({ saidAfter }: CommandOption, word: string): boolean {
  if (saidAfter === undefined) return false;
  return word.toLowerCase() === saidAfter || (saidAfter === 'by' && belongs.test(word));
}

/** A value that can be nothing else, wherever it stands. */
function isValue({ kind, choices }: CommandOption, word: string): boolean {
  if (choices !== undefined) return choices.includes(word.toLowerCase());
  if (kind === 'task') return /^#\d{1,9}$/.test(word);
  return kind === 'number' && /^[1-9]\d{0,8}$/.test(word);
}

function takesWords({ kind, choices }: CommandOption): boolean {
  return choices === undefined && kind !== 'task' && kind !== 'number';
}
