import { liesBesideGuarded, linkedPlaces, mayMeanGuarded, type Place, placesOf, type Where } from './places.ts';
import { builders, managers, optionAmong, readers, writers } from './programs.ts';
import type { Word } from './shell/read-shell.ts';
import { allow, ask, deny, type Judgement, strictest } from './verdict.ts';

/** What is said of writing to a path, or to all that a pattern stands for. */
export function judgeWrite(path: Word, where: Where): Judgement {
  if (path.dynamic) return ask('medium', 'where it writes is known only when it runs');
  if (path.glob && (mayMeanGuarded(path.text) || liesBesideGuarded(path.text, where)))
    return ask('high', `${path.text} can mean files that decide what runs later`);
  const led = path.glob ? judgeLinks(path.text, 'named', { where, say: toWrite }) : [];
  return strictest(worst(path.text, where, toWrite), ...led);
}

/** What is said of reading a path, or all that a pattern stands for. */
export function judgeRead(path: Word, where: Where): Judgement {
  if (path.dynamic) return ask('medium', 'what it reads is known only when it runs');
  if (path.glob && mayMeanGuarded(path.text)) return ask('medium', `${path.text} can mean files that hold secrets`);
  const led = path.glob ? judgeLinks(path.text, 'named', { where, say: toRead }) : [];
  return strictest(worst(path.text, where, toRead), ...led);
}

type Say = (place: Place, path: string) => Judgement;

/** What is said of the places that links lead to, of a pattern or below a folder. */
function judgeLinks(
  path: string,
  reach: 'named' | 'below',
  { where, say }: { readonly where: Where; readonly say: Say },
): readonly Judgement[] {
  const places = linkedPlaces(path, reach, where);
  if (places === undefined) return [ask('medium', `${path} means more files than can be looked at`)];
  return places.map((place) => say(place, `what a link in ${path} leads to`));
}

function worst(path: string, where: Where, say: Say): Judgement {
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
  const changes = mayChange(name, args);
  const named = pathsAmong(name, args).flatMap((word) => {
    const globbed = word.glob && opens ? [judgeRead(word, where)] : [];
    return [
      ...globbed,
      ...placesIn(word.text).flatMap((text) => {
        const path = { text, dynamic: false };
        const held = changes && placesOf(text, where).some((place) => place === 'git' || place === 'guarded');
        return [judgeRead(path, where), ...(held ? [judgeWrite(path, where)] : [])];
      }),
    ];
  });
  return [...named, ...judgeCopies(name, args, where)];
}

/** Programs of which an option or an argument can name what they write: a report, a cache, a folder to put things into. */
function mayChange(name: string, [first]: readonly Word[]): boolean {
  if (name === 'git') return first?.text === 'restore';
  return writers.has(name) || managers.has(name) || builders[name] !== undefined;
}

/** What goes through many files goes through the links among them: `cp -r` in its target, `cp -L` and `diff -r` in all that is named. */
function judgeCopies(name: string, args: readonly Word[], where: Where): readonly Judgement[] {
  const texts = args.map(({ text }) => text);
  const paths = texts.filter((text) => !text.startsWith('-'));
  const reads = { where, say: toRead };
  if (name === 'diff') {
    const deep = optionAmong(texts, { short: 'r', long: ['--recursive'] });
    return deep === undefined ? [] : paths.flatMap((path) => judgeLinks(path, 'below', reads));
  }
  if (name !== 'cp') return [];
  const target = paths.at(-1) ?? '.';
  const through = optionAmong(texts, { short: 'LH', long: ['--dereference'] }) !== undefined;
  const deep = optionAmong(texts, { short: 'rRa', long: ['--recursive', '--archive'] }) !== undefined;
  const into = paths.slice(0, -1).map((path) => `${target}/${path.slice(path.lastIndexOf('/') + 1)}`);
  return [
    ...into.map((text) => judgeWrite({ text, dynamic: false }, where)),
    ...(deep ? judgeLinks(target, 'below', { where, say: toWrite }) : []),
    ...(through ? paths.flatMap((path) => judgeLinks(path, 'below', reads)) : []),
  ];
}

/** The pattern of a search is no path, where it is surely the pattern. */
export function pathsAmong(name: string, args: readonly Word[]): readonly Word[] {
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
      ...(argument.startsWith('-') ? joinedTo(argument) : [argument]),
      ...parts.filter((part) => /^[^-]/.test(part)),
      ...own,
    ]),
  ];
}

/** What can be joined to the letters of an option: of `-rt.git` it is `.git`. */
function joinedTo(option: string): readonly string[] {
  const [, letters = ''] = /^-([A-Za-z]{1,8})/.exec(option) ?? [];
  return [...letters].map((_, index) => option.slice(index + 2)).filter((rest) => rest !== '');
}
