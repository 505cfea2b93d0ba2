import { type Place, placeOf } from './places.ts';
import type { SimpleCommand, Word } from './shell/read-shell.ts';
import { allow, ask, deny, type Judgement, strictest } from './verdict.ts';

/** Where a command runs. */
export interface Where {
  readonly worktree: string;
  readonly cwd: string;
}

/** Programs that only read what their arguments name. */
const readers = new Set(
  'ls cat head tail wc grep egrep fgrep rg sort uniq cut tr diff cmp file stat du tree basename dirname realpath nl comm column md5sum sha256sum less more strings od hexdump jq'.split(
    ' ',
  ),
);
/** Programs that touch no file. */
const harmless = new Set('pwd echo printf true false test [ whoami id uname which type seq sleep : expr'.split(' '));
/** Programs that change what their arguments name. */
const writers = new Set('mkdir touch cp mv rm rmdir ln tee'.split(' '));

const gitReads = new Set(
  'status diff log show blame rev-parse ls-files ls-tree grep describe shortlog cat-file merge-base'.split(' '),
);
const gitWrites = new Set('add restore stash'.split(' '));

/** Package managers: these subcommands run what the project declares. */
const managers = new Set(['npm', 'pnpm', 'yarn', 'bun']);
const managed = /^(test|t|run|run-script|lint|build|typecheck|check)$/;
/** Tools that check or build a project, with the subcommands that do. */
const builders: Readonly<Record<string, RegExp | undefined>> = {
  tsc: /^/,
  vitest: /^/,
  jest: /^/,
  mocha: /^/,
  eslint: /^/,
  prettier: /^/,
  biome: /^(check|lint|format|ci)$/,
  pytest: /^/,
  ruff: /^/,
  mypy: /^/,
  tox: /^/,
  cargo: /^(test|build|check|clippy|fmt|nextest)$/,
  go: /^(test|build|vet|fmt)$/,
  make: /^(test|check|build|lint|all)$/,
  mvn: /^(test|verify|compile)$/,
  gradle: /^(test|build|check)$/,
  './gradlew': /^(test|build|check)$/,
  dotnet: /^(test|build)$/,
  rspec: /^/,
  phpunit: /^/,
};

const privileged = new Set('sudo su doas pkexec'.split(' '));
const destroyers = new Set('mkfs dd shutdown reboot halt poweroff fdisk wipefs'.split(' '));
const interpreters = new Set('sh bash dash zsh ksh python python3 node perl ruby php'.split(' '));
const loaders = new Set('curl wget fetch'.split(' '));

/** Variables that only change how a tool speaks. */
const plainVariable =
  /^(CI|NODE_ENV|DEBUG|FORCE_COLOR|NO_COLOR|TZ|LANG|LC_[A-Z]+|TERM|COLUMNS|RUST_BACKTRACE|PYTHONUNBUFFERED|VITEST\w*|JEST\w*)$/;

/** What the shipped policy says of one command of a command line; `before` is the one whose output it reads. */
export function judgeCommand(command: SimpleCommand, where: Where, before?: SimpleCommand): Judgement {
  const [program, ...args] = command.words;
  const name = program?.text ?? '';
  const told = args.map(({ text }) => text);
  const odd = command.assigns.find((variable) => !plainVariable.test(variable));
  const base = judgeProgram(name, command, told, where);
  const paths = strictest(allow('it names no files elsewhere'), ...args.map(({ text }) => judgeMention(text, where)));
  const piped =
    before !== undefined && command.piped && interpreters.has(name) && loaders.has(before.words[0]?.text ?? '')
      ? [ask('high', 'it runs what it loads from the network, unseen')]
      : [];
  const variables = odd === undefined ? [] : [ask('medium', `it sets ${odd}, which can change what runs`)];
  return strictest(base, paths, ...piped, ...variables);
}

function judgeProgram(name: string, command: SimpleCommand, args: readonly string[], where: Where): Judgement {
  const dynamic = command.words.slice(1).some((word) => word.dynamic);
  if (privileged.has(name)) return ask('high', 'it runs with the rights of somebody else');
  if (destroyers.has(name) || name.startsWith('mkfs')) return deny('it can destroy the machine');
  if (name === 'cd') return changesFolder(command.words.slice(1));
  if (name === 'date' && args.every((each) => /^(\+|-u$|-I)/.test(each))) return allow('it changes nothing');
  if (harmless.has(name)) return allow('it changes nothing');
  if (readers.has(name)) return reads(name, args, dynamic);
  if (name === 'find') return finds(args, dynamic);
  if (name === 'sed')
    return /^-[a-zA-Z]*n$/.test(args[0] ?? '') && /^\d+(,\d+)?p$/.test(args[1] ?? '')
      ? reads(name, args, dynamic)
      : ask('medium', '“sed” can change files and run programs');
  if (writers.has(name)) return writes(name, args, where, dynamic);
  if (name === 'git') return git(args);
  if (managers.has(name))
    return managed.test(args[0] ?? '')
      ? runsProject()
      : ask('medium', `“${name} ${args[0] ?? ''}” can load and run programs from the network`);
  const wanted = builders[name];
  if (wanted?.test(args.find((each) => !each.startsWith('-')) ?? '')) return runsProject();
  if (loaders.has(name)) return ask('medium', 'it reaches the network');
  return ask('medium', `the policy does not know what “${name}” does`);
}

/** Without an argument it goes home, and what follows happens there. */
function changesFolder(words: readonly Word[]): Judgement {
  const [folder] = words;
  return words.length === 1 && folder !== undefined && !folder.dynamic && folder.text !== '-' && folder.text !== ''
    ? allow('it changes nothing')
    : ask('medium', 'what follows happens in another folder');
}

function runsProject(): Judgement {
  return allow('it runs the project’s own tests or build, in the work folder');
}

function reads(name: string, args: readonly string[], dynamic: boolean): Judgement {
  if (dynamic) return ask('medium', 'which files it reads is known only when it runs');
  if (name === 'rg' && args.some((each) => each.startsWith('--pre'))) return ask('medium', '“rg --pre” runs a program');
  if (name === 'sort' && args.some((each) => /^(-o|--output|--compress-program)/.test(each)))
    return ask('medium', 'it writes a file or runs a program');
  return allow('it only reads');
}

function finds(args: readonly string[], dynamic: boolean): Judgement {
  if (dynamic) return ask('medium', 'where it searches is known only when it runs');
  return args.some((each) => /^-(delete|fprint|fprintf|fls|ok)/.test(each))
    ? ask('medium', '“find” deletes or writes files here')
    : allow('it only searches');
}

function writes(name: string, args: readonly string[], where: Where, dynamic: boolean): Judgement {
  if (dynamic) return ask('medium', 'which files it changes is known only when it runs');
  const paths = args.filter((each) => !each.startsWith('-'));
  const changed = strictest(
    allow('it changes files of the work folder, which can be taken back'),
    ...paths.map((path) => judgeWrite(placeOf(path, where), path)),
  );
  const whole = name === 'rm' && paths.some((path) => /^(\.|\.\/|\*|\.\/\*)$/.test(path));
  return whole ? strictest(changed, ask('medium', 'it deletes everything in the folder')) : changed;
}

function git(args: readonly string[]): Judgement {
  const [first = '', ...rest] = args[0] === '--no-pager' ? args.slice(1) : args;
  if (first === 'branch' && rest.every((each) => /^(-a|-r|-v|-vv|--list|--show-current)$/.test(each)))
    return allow('it only reads');
  if (gitReads.has(first)) {
    return rest.some((each) => /^(--output|--ext-diff|--textconv|-O|--open-files-in-pager|--exec)/.test(each))
      ? ask('medium', 'this option of git writes a file or runs a program')
      : allow('it only reads');
  }
  if (gitWrites.has(first)) return allow('it changes files of the work folder, which can be taken back');
  if (first === 'push') return ask('high', 'it publishes work before anybody has delivered it');
  return ask('medium', `“git ${first}” changes more than files, or reaches the network`);
}

/** What is said of writing to a place. */
export function judgeWrite(place: Place, path: string): Judgement {
  switch (place) {
    case 'inside':
      return allow('it changes a file of the work folder, which can be taken back');
    case 'guarded':
      return ask('medium', `${path} decides what runs later, or holds secrets`);
    case 'git':
      return deny('the repository’s own data is Commander’s to change');
    case 'outside':
      return ask('high', `${path} lies outside of the work folder and can not be taken back`);
    case 'secret':
      return deny(`${path} holds keys or passwords`);
  }
}

/** What is said of reading from a place. */
export function judgeRead(place: Place, path: string): Judgement {
  if (place === 'secret') return deny(`${path} holds keys or passwords`);
  return place === 'outside' ? ask('medium', `${path} lies outside of the work folder`) : allow('it only reads');
}

/** An argument that names a place elsewhere counts, whatever the program does with it. */
function judgeMention(argument: string, where: Where): Judgement {
  const path = argument.replace(/^--?[A-Za-z-]+=/, '');
  if (!/^[/~]|(^|\/)\.\.(\/|$)|^\.(ssh|aws|gnupg)/.test(path)) return allow('it names no files elsewhere');
  return judgeRead(placeOf(path, where), path);
}
