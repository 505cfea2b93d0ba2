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

/** Names after which a script does more than to check or build. */
export const publishes = /(^|[:._-])(publish|deploy|release|push|upload|install)([:._-]|$)/i;

/** Each of several targets must be one of these: a build tool does them all. */
function onlyTargets(target: string): RegExp {
  return new RegExp(`^(${target})( (${target}))*$`);
}

const gradleTasks = onlyTargets('(:[\\w-]+)*:?(test|build|check)');
/** Environments of tox that check: `py311-django42`, `lint`. */
const toxFactor =
  '(py|pypy|[a-z]+(?=\\d))?[\\d.]+|py|ALL|tests?|unit|lint|check|types?|typing|mypy|flake8|ruff|black|format|fmt|style|cov|coverage';

/** Tools that check or build a project, with what their arguments must be that are no options, in their order. */
export const builders: Readonly<Record<string, RegExp | undefined>> = {
  tsc: /^/,
  vitest: /^(?!init( |$))/,
  jest: /^/,
  mocha: /^(?!init( |$))/,
  eslint: /^/,
  prettier: /^/,
  biome: /^(check|lint|format|ci)( |$)/,
  pytest: /^/,
  ruff: /^/,
  mypy: /^/,
  tox: new RegExp(`^(?:(?:r|run|p|run-parallel|(?:${toxFactor})(?:[-,](?:${toxFactor}))*)(?: |$))*$`),
  cargo: /^(test|build|check|clippy|fmt|nextest (run|list))( |$)/,
  go: /^(test|build|vet|fmt)( |$)/,
  make: onlyTargets('test|check|build|lint|all'),
  mvn: onlyTargets('test|verify|compile'),
  gradle: gradleTasks,
  './gradlew': gradleTasks,
  dotnet: /^(test|build)( |$)/,
  rspec: /^/,
  phpunit: /^/,
};

const gradleOptions: BuilderOptions = {
  plain:
    /^(-[qwidsS]|--(quiet|warn|info|debug|stacktrace|full-stacktrace|no-daemon|daemon|offline|parallel|no-parallel|continue|rerun|rerun-tasks|build-cache|no-build-cache|fail-fast|(console|warning-mode|max-workers|tests|exclude-task)=.*))$/,
  valued: /^(-x|--(exclude-task|tests|console|warning-mode|max-workers))$/,
};

/** Options of tools that do all that they are told: any other is asked. A value is no target. */
export const builderOptions: Readonly<Record<string, BuilderOptions | undefined>> = {
  make: {},
  mvn: {
    plain:
      /^(-[qBeXoVN]|-am|-amd|-ntp|-fae|-ff|-T\w+|--(quiet|batch-mode|errors|debug|offline|show-version|also-make|also-make-dependents|no-transfer-progress|fail-at-end|fail-fast))$/,
    valued: /^(-pl|-T|-rf|--(projects|threads|resume-from))$/,
  },
  gradle: gradleOptions,
  './gradlew': gradleOptions,
  tox: { plain: /^(-[qvrpe]+|--(quiet|verbose|recreate|parallel|skip-missing-interpreters))$/ },
};

/** The options of such a tool that are known to be harmless, alone and with a value after them. */
export interface BuilderOptions {
  readonly plain?: RegExp;
  readonly valued?: RegExp;
}

/** What stands after `--` such a program hands to what it runs. */
export const passesOn = names('npm pnpm yarn bun tox');

/** Before the subcommand of a tool that has some: another option can take it for its value. */
export const earlyOption = /^(-q|-v+|--(quiet|verbose|offline|locked|frozen))$/;
/** Such tools. */
export const commanded = names('cargo go dotnet');

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
  eslint: /^(-c|--init$)/,
  dotnet: /^(-[lpst]|--(property|target|logger|p|t)[:=])/,
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
