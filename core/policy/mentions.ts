import { mayMeanGuarded, type Place, placesOf, type Where } from './places.ts';
import { readers, writers } from './programs.ts';
import type { Word } from './shell/read-shell.ts';
import { allow, ask, deny, type Judgement, strictest } from './verdict.ts';

/** What is said of writing to a path, or to all that a pattern stands for. */
export function judgeWrite(path: Word, where: Where): Judgement {
  if (path.dynamic) return ask('medium', 'where it writes is known only when it runs');
  if (path.glob && mayMeanGuarded(path.text))
    return ask('high', `${path.text} can mean files that decide what runs later`);
  return worst(path.text, where, toWrite);
}

/** What is said of reading a path, or all that a pattern stands for. */
export function judgeRead(path: Word, where: Where): Judgement {
  if (path.dynamic) return ask('medium', 'what it reads is known only when it runs');
  if (path.glob && mayMeanGuarded(path.text)) return ask('medium', `${path.text} can mean files that hold secrets`);
  return worst(path.text, where, toRead);
}

function worst(path: string, where: Where, say: (place: Place, path: string) => Judgement): Judgement {
  const [first = 'outside', ...others] = placesOf(path, where);
  return strictest(say(first, path), ...others.map((place) => say(place, path)));
}

function toWrite(place: Place, path: string): Judgement {
  switch (place) {
    case 'inside':
      return allow('it changes a file of the work folder, which can be taken back');
    case 'guarded':
      return ask('medium', `${path} decides what runs later`);
    case 'private':
      return ask('medium', `${path} can hold secrets`);
    case 'git':
      return deny('the repository’s own data is Commander’s to change');
    case 'outside':
      return ask('high', `${path} lies outside of the work folder and can not be taken back`);
    case 'secret':
      return deny(`${path} holds keys or passwords`);
  }
}

function toRead(place: Place, path: string): Judgement {
  if (place === 'secret') return deny(`${path} holds keys or passwords`);
  if (place === 'private') return ask('medium', `${path} can hold secrets`);
  return place === 'outside' ? ask('medium', `${path} lies outside of the work folder`) : allow('it only reads');
}

/** Whatever a program does with an argument: one that names a place elsewhere, or secrets, counts. */
export function judgeMentions(name: string, args: readonly Word[], where: Where): readonly Judgement[] {
  const opens = readers.has(name) || writers.has(name) || name === 'find';
  return pathsAmong(name, args).flatMap((word) => {
    const globbed = word.glob && opens ? [judgeRead(word, where)] : [];
    const named = placesIn(word.text).map((path) => judgeRead({ text: path, dynamic: false }, where));
    return [...globbed, ...named];
  });
}

/** The pattern of a search is no path, where it is surely the pattern. */
function pathsAmong(name: string, args: readonly Word[]): readonly Word[] {
  const searches = /^([ef]?grep|rg)$/.test(name);
  if (!searches || args.some(({ text }) => /^(-[a-zA-Z]*[ef]|--(file|regexp))/.test(text))) return args;
  const pattern = args.findIndex(({ text }) => !text.startsWith('-'));
  return args.filter((_, index) => index !== pattern);
}

/** The paths that an argument can hold: itself, what comes after an option's letter, `=`, `:`, `@` or a comma. */
function placesIn(argument: string): readonly string[] {
  if (/^(https?|git|ssh):\/\//.test(argument)) return [];
  const parts = argument.split(/[=:,@\s]+/);
  const elsewhere = parts.flatMap((part) => /(?:^|^-.*?)([/~]|\.\.(?=\/|$)).*$/s.exec(part)?.[0] ?? []);
  const own = elsewhere.map((part) => (part.startsWith('-') ? part.slice(part.search(/[/~]|\.\.(?=\/|$)/)) : part));
  return [
    ...new Set([
      ...(argument.startsWith('-') ? [] : [argument]),
      ...parts.filter((part) => /^[^-]/.test(part)),
      ...own,
    ]),
  ];
}
