import { judgeWrite, pathsAmong } from './mentions.ts';
import { isNothing, linkedPlaces, type Where } from './places.ts';
import { optionAmong, readers, writers } from './programs.ts';
import type { ShellReading, SimpleCommand, Word } from './shell/read-shell.ts';
import { programName } from './shell/unwrap.ts';
import { ask, type Judgement } from './verdict.ts';

/** What is said of the links that a command line makes: where they lead, and what else in it could go through them. */
export function judgeLinkMaking({ commands, writes, reads }: ShellReading, where: Where): readonly Judgement[] {
  const makers = commands.filter((each) => mayMakeLinks(each, where));
  if (makers.length === 0) return [];
  const others = (maker: SimpleCommand) => commands.filter((each) => each !== maker);
  const files = [...writes, ...reads].filter(({ text }) => !isNothing(text));
  // Whatever the order: some of it may run in the background, or again in a loop.
  const passed = makers.some((maker) => files.length > 0 || others(maker).some(opensFiles));
  return [
    ...makers.flatMap((maker) => judgeTargets(maker, where)),
    ...(passed ? [ask('medium', 'it may make or move links, and the rest of it could be led elsewhere by them')] : []),
  ];
}

/** A command that makes links, moves some as they are, or brings back what may be some. */
function mayMakeLinks({ words }: SimpleCommand, where: Where): boolean {
  const [name, args] = nameAndArguments(words);
  if (name === 'git') return args[0] === 'restore' || (args[0] === 'stash' && !/^(list|show)$/.test(args[1] ?? ''));
  if (name === 'ln' || (name === 'cp' && optionAmong(args, makesLinks) !== undefined)) return true;
  const moves = name === 'mv' || (name === 'cp' && optionAmong(args, copiesLinks) !== undefined);
  return moves && args.some((each) => !each.startsWith('-') && linkedPlaces(each, 'held', where)?.length !== 0);
}

/** Options of `cp` that make links, and such that copy links as links. */
const makesLinks = { short: 's', long: ['--symbolic-link'] };
const copiesLinks = {
  short: 'aPdrRl',
  long: ['--archive', '--recursive', '--no-dereference', '--preserve', '--link'],
};

function opensFiles({ words }: SimpleCommand): boolean {
  const [name] = nameAndArguments(words);
  const opens = readers.has(name) || writers.has(name) || name === 'find' || name === 'sed';
  return opens && pathsAmong(name, words.slice(1)).some(({ text }) => !text.startsWith('-'));
}

/** A symbolic link leads on from the folder in which it lies, wherever the command runs. */
function judgeTargets({ words }: SimpleCommand, where: Where): readonly Judgement[] {
  const [name, args] = nameAndArguments(words);
  const symbolic = optionAmong(args, { short: 's', long: ['--symbolic', '--symbolic-link'] }) !== undefined;
  if (!symbolic || !/^(ln|cp)$/.test(name)) return [];
  const paths = words.slice(1).filter(({ text }) => !text.startsWith('-'));
  const climbs = paths.filter(({ text }) => !text.startsWith('/') && text.split('/').includes('..'));
  const into = optionAmong(args, { short: 't', long: ['--target-directory'] }) !== undefined;
  if (climbs.length > 0 && (into || paths.some(({ glob }) => glob)))
    return [ask('medium', 'where its links lead is known only when it runs')];
  // A link is made at that path, or in it where that is a folder.
  return climbs.flatMap((target) =>
    paths
      .filter((link) => link !== target)
      .flatMap(({ text }) => [`${text}/${target.text}`, `${text}/../${target.text}`])
      .map((text) => judgeWrite({ text, dynamic: false }, where)),
  );
}

function nameAndArguments([program, ...args]: readonly Word[]): readonly [string, readonly string[]] {
  return [programName(program?.text ?? ''), args.map(({ text }) => text)];
}
