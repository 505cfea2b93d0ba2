/** What the shipped policy knows of programs. */

function names(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

/** Programs that only read what their arguments name. */
export const readers = names(
  'ls cat head tail wc grep egrep fgrep rg sort uniq cut tr diff cmp file stat du tree basename dirname realpath nl comm column md5sum sha256sum strings od hexdump jq',
);

/** Programs that touch no file. */
export const harmless = names('pwd echo printf true false test [ whoami id uname which type seq sleep : expr');

/** Of these, such that do not even open what they are told. */
export const speakers = names('echo printf true false seq sleep : expr');

/** Programs that change what their arguments name. */
export const writers = names('mkdir touch cp mv rm rmdir ln tee');

export const privileged = names('sudo su doas pkexec');
export const destroyers = names('mkfs dd shutdown reboot halt poweroff fdisk wipefs');
export const interpreters = names('sh bash dash zsh ksh python python3 node perl ruby php');
export const loaders = names('curl wget fetch');

export const gitReads = names(
  'status diff log show blame rev-parse ls-files ls-tree grep describe shortlog cat-file merge-base',
);
export const gitWrites = names('add restore stash');

/** Options with which a program that reads does something else; long ones count when they are cut short, too. */
export const readerOptions: Readonly<Record<string, OptionList | undefined>> = {
  rg: { short: 'L', long: ['--pre', '--hostname-bin', '--follow'] },
  grep: { short: 'R', long: ['--dereference-recursive'] },
  sort: { short: 'oT', long: ['--output', '--compress-program', '--files0-from', '--temporary-directory'] },
  wc: { long: ['--files0-from'] },
  du: { long: ['--files0-from'] },
  tree: { short: 'oR', long: ['--output'] },
  file: { short: 'Cmf', long: ['--compile', '--magic-file', '--files-from'] },
  printf: { short: 'v' },
  test: { short: 'vR' },
  '[': { short: 'vR' },
};

export const gitOptions: OptionList = {
  long: ['--output', '--ext-diff', '--textconv', '--filters', '--open-files-in-pager', '--exec', '--no-index'],
};

/** Of git's commands that write: an editor or a talk with a person, content of any commit, names out of a file. */
export const gitWriteOptions: OptionList = {
  short: 'epis',
  long: ['--edit', '--patch', '--interactive', '--source', '--pathspec-from-file'],
};

export const gitGrepOptions: OptionList = { ...gitOptions, short: 'O' };

/** Options by their letters, also among others (`-ro`), and by their names. */
export interface OptionList {
  readonly short?: string;
  readonly long?: readonly string[];
}

/** The argument that is one of the options, however it is written; `undefined` when none is. */
export function optionAmong(args: readonly string[], { short = '', long = [] }: OptionList): string | undefined {
  return args.find((argument) => {
    if (argument.startsWith('--')) {
      const name = argument.split('=')[0] ?? '';
      return name.length > 2 && long.some((each) => each.startsWith(name));
    }
    return argument.startsWith('-') && [...short].some((letter) => argument.slice(1).includes(letter));
  });
}

/** Package managers: these subcommands run what the project declares. */
export const managers = names('npm pnpm yarn bun');
/** Scripts of a project that check or build it, by the names that they have everywhere. */
export const checkScript =
  /^(t|test|tests|lint|build|typecheck|type-check|types|check|checks|format|fmt|compile|unit|e2e|coverage|ci|verify|validate|bench)([:._-][\w:.-]*)?$/;

/** Tools that check or build a project, with the subcommands that do. */
export const builders: Readonly<Record<string, RegExp | undefined>> = {
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

/** Options of such tools that load or start something that nobody looks at, or work elsewhere. */
export const loadingOption =
  /^(--?(?!no-)[a-z0-9-]*(exec|eval|config|require|import|loader|preload|plugin|shell|tool|runner|setup|bootstrap|script|options|prefix|cwd|root|makefile|manifest|settings|logger|parser|formatter|rulesdir|include-dir|install|prepend|override|transform|resolver|property)[a-z0-9-]*(=|$)|--(file|directory|dir|import-map|globals)(=|$))/i;
/** The same as single letters. */
export const loadingLetter = /^-[rICfEDZP]/;
/** Letters that mean the same with one tool, and something harmless with others. */
export const loadingLetters: Readonly<Record<string, RegExp | undefined>> = {
  pytest: /^-[cop]/,
  jest: /^-c/,
  vitest: /^-c/,
  mocha: /^-[uR]/,
  eslint: /^-c/,
  tox: /^-[cx]/,
  mvn: /^-s/,
  gradle: /^-[bpg]/,
  './gradlew': /^-[bpg]/,
  dotnet: /^-[lpst]/,
  rspec: /^-O/,
  phpunit: /^-[cd]/,
};
/** Of go, whose long options begin with one dash. */
export const goOption = /^--?(exec|toolexec|vettool|overlay|modfile|C|pgo|ldflags|gcflags|asmflags|gccgoflags)(=|$)/;

/** Variables that only change how a tool speaks. */
export const plainVariable =
  /^(CI|NODE_ENV|DEBUG|FORCE_COLOR|NO_COLOR|TZ|LANG|LC_[A-Z]+|COLUMNS|RUST_BACKTRACE|PYTHONUNBUFFERED|PYTHONDONTWRITEBYTECODE|[a-z][a-z0-9_]*)$/;
/** In lower case, but read by programs, or the search path itself in another shell. */
export const tellingVariable = /path|proxy|^npm_|^nix_|^node_/;
