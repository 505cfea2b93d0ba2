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

/** What comes after the name of a script, by custom: what it checks or builds, how, and with what. None of it reaches further. */
const scriptParts = [
  'all|unit|units|int|integration|e2e|smoke|functional|acceptance|contract|system|regression|snapshots?|components?|stories|storybook',
  'fast|slow|quick|full|only|one|single|once|run|watch|local|ci|debug|verbose|silent|quiet|headless|headed|strict|parallel|serial|update',
  'tests?|specs?|src|source|code|lib|libs|apps?|pkg|packages?|modules?|main|base|core|common|shared|utils?|examples?|demo|scripts?|config',
  'web|webapp|site|www|ui|frontend|front|backend|back|api|server|client|workers?|cli|sdk|mobile|ios|android|desktop|electron|native',
  'browsers?|chrome|chromium|firefox|webkit|node|deno|bun|jsdom|dom|react|vue|svelte|angular|next|vite|webpack|rollup|esbuild|wasm',
  'db|database|sql|sqlite|postgres|pg|mysql|redis|mongo|auth|login|users?|a11y|i18n|perf|performance|bench',
  'ts|tsx|js|jsx|mjs|cjs|esm|umd|iife|dts|types?|typings|typecheck|tsc|css|scss|sass|less|styles?|html|json|ya?ml|md|markdown|docs?',
  'py|python|go|rust|java|php|ruby|eslint|prettier|biome|stylelint|oxlint|jest|vitest|mocha|karma|cypress|playwright|pytest|mypy|ruff|black',
  'fix|write|check|checks|lint|format|fmt|staged|changed|related|coverage|cov|report|unused|cycles|circular|imports|exports|deps|size|bundle|schema|spell|spelling',
  'dev|development|clean|v?\\d+',
].join('|');

/** Scripts of a project that check or build it, by the names that they have everywhere; a build may be one for production. */
export const checkScript = new RegExp(
  '^(t|test|tests|lint|build(?:[:._-]prod(?:uction)?)?|typecheck|type-check|types|check|checks|format|fmt|compile|unit|e2e|coverage|ci|verify|validate|bench)' +
    `([:._-](${scriptParts}))*$`,
);

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

/** Options of such tools that load or start something that nobody looks at, or work elsewhere, or send what they made. */
export const loadingOption =
  /^(--?(?!no-)[a-z0-9.-]*(exec|eval|config|require|import|loader|preload|plugin|shell|tool|runner|setup|bootstrap|script|options|prefix|cwd|root|makefile|manifest|settings|logger|parser|formatter|rulesdir|include-dir|install|prepend|override|transform|resolver|property|adapter|printer|sequencer|processor|serializer|checker|pastebin|node-?option|custom-?provider|snapshot-?environment|prettier-?path|pdbcls)[a-z0-9.-]*(=|$)|--(file|directory|dir|import-map|globals|haste|reporters|mcp|init)(=|$))/i;
/** The same as single letters. */
export const loadingLetter = /^-[rICfEDZP]/;
/** Such options of one tool, that mean something harmless with others. Letters can stand behind others. */
export const loadingOptions: Readonly<Record<string, RegExp | undefined>> = {
  pytest: /^(-[qvxslhVd]*[cop]|--(tx|px|ds|dc)(=|$))/,
  jest: /^(-\w*[cr]|--(filter|projects)(=|$))/,
  vitest: /^(-\w*[cr]|--(diff|workspace)(=|$))/,
  mocha: /^-\w*[unrR]/,
  eslint: /^-\w*[cf]/,
  dotnet: /^(-[lpst]|--(property|target|logger|p|t)[:=])/,
  rspec: /^(-O|--(re?q?u?i?r?|fo?r?m?a?)(=|$))/,
  phpunit: /^-[cd]/,
};
/** To a tool that nobody knows, letters as most have them: what a script of a project is given. */
export const handedLetter = /^-[cR]/;

/** Options whose value is a module to load, by its name or its path. */
export const moduleOption =
  /^--?([a-z0-9-]+\.)*(reporter|format|ui|env|(test-?)?environment|pool|(coverage-?)?provider|extension)(=|$)/i;
/** Values of these that the tools bring themselves, or that only say how they speak. */
export const ownModule = new RegExp(
  `^((${[
    'default|verbose|basic|dot|line|list|min|spec|tap|tap-flat|nyan|progress|landing|doc|documentation|summary|tree|agent',
    'json|json-stream|html|xml|xunit|junit|jest-junit|blob|stylish|json-with-metadata|unix|compact|pretty|terse|failures',
    'github|github-actions|gitlab|hanging-process|bdd|tdd|qunit|exports|node|jsdom|happy-dom|edge-runtime',
    'threads|forks|vmThreads|vmForks|v8|babel|istanbul|[cm]?[jt]sx?|test|development|production',
  ].join('|')})(,|$))+$`,
);
/** Of go, whose long options begin with one dash. */
export const goOption = /^--?(exec|toolexec|vettool|overlay|modfile|C|pgo|ldflags|gcflags|asmflags|gccgoflags)(=|$)/;

/** Variables that only change how a tool speaks. */
export const plainVariable =
  /^(CI|NODE_ENV|DEBUG|FORCE_COLOR|NO_COLOR|TZ|LANG|LC_[A-Z]+|COLUMNS|RUST_BACKTRACE|PYTHONUNBUFFERED|PYTHONDONTWRITEBYTECODE|[a-z][a-z0-9_]*)$/;
/** In lower case, but read by programs, or the search path itself in another shell. */
export const tellingVariable = /path|proxy|^npm_|^nix_|^node_/;
