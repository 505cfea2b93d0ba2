import {
  builderOptions,
  builders,
  checkScript,
  commanded,
  earlyOption,
  goOption,
  handedLetter,
  loadingLetter,
  loadingOption,
  loadingOptions,
  managers,
  moduleOption,
  ownModule,
  passesOn,
} from './programs.ts';
import type { Word } from './shell/read-shell.ts';
import { allow, ask, type Judgement } from './verdict.ts';

/** What a project's scripts are now, as far as the task has changed them; absent: it has not, or there are none. */
export type ChangedScripts = Readonly<Record<string, string>>;
/** Stands for every script, where it is not known which were changed: why not. */
export const anyScript = '*';

/** Whether all that a tool is told to do checks or builds the project. */
export function isBuild(name: string, args: readonly string[]): boolean {
  return builders[name]?.test(operandsOf(name, args).join(' ')) === true;
}

/** A script of the project, as far as its name tells that it checks or builds, and as long as the task has not changed it. */
export function manages(name: string, words: readonly Word[], changed: ChangedScripts): Judgement {
  const [first = '', second = ''] = words.map(({ text }) => text);
  const named = first === 'run' || first === 'run-script';
  const script = named ? second : first;
  // Without `run` it is no script: it installs.
  if (!checkScript.test(script) || first === 'ci') {
    return named
      ? ask('medium', `nobody can tell by its name what the script “${second}” does`)
      : ask('medium', `“${name} ${first}” can load and run programs from the network`);
  }
  const unknown = changed[anyScript];
  if (unknown !== undefined) return ask('medium', `nobody can tell what the script “${script}” is now: ${unknown}`);
  // `npm t` is `npm test`; of the others it is a script of that name.
  const called = script === 't' ? ['test', script] : [script];
  const now = called.flatMap((each) => [`pre${each}`, each, `post${each}`]).find((each) => changed[each] !== undefined);
  if (now !== undefined) return ask('medium', `the script “${now}” was changed in this task: ${changed[now]}`);
  return builds(name, words);
}

/** What a tool is told to do: its arguments without options, and without the values of those that are known to have one. */
function operandsOf(name: string, args: readonly string[]): readonly string[] {
  const { valued } = builderOptions[name] ?? {};
  return ownArguments(name, args).filter(
    (each, index) => !each.startsWith('-') && valued?.test(args[index - 1] ?? '') !== true,
  );
}

/** All but what a program hands to what it runs. */
function ownArguments(name: string, args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end < 0 || !passesOn.has(name) ? args : args.slice(0, end);
}

/** A tool that checks or builds, as far as its options load nothing, and those of what it hands them to. */
export function builds(name: string, words: readonly Word[]): Judgement {
  const all = words.map(({ text }) => text);
  const args = ownArguments(name, all);
  if (words.slice(0, args.length).some(({ dynamic }) => dynamic))
    return ask('medium', `what “${name}” does is known only when it runs`);
  const loading =
    args.find((each, index) => changesWhatRuns(name, each, args[index + 1])) ??
    hidesCommand(name, args) ??
    all.slice(args.length).find((each, index, handed) => loads(receiverOf(name), each, handed[index + 1]));
  return loading === undefined
    ? allow('it runs the project’s own tests or build, in the work folder')
    : ask('medium', `“${loading}” can change what “${name}” runs`);
}

/** What tox runs is pytest nearly everywhere; what a script runs, nobody knows. */
function receiverOf(name: string): string {
  return name === 'tox' ? 'pytest' : name;
}

function changesWhatRuns(name: string, argument: string, next?: string): boolean {
  const known = builderOptions[name];
  if (known !== undefined && argument.startsWith('-'))
    return ![known.plain, known.valued].some((each) => each?.test(argument));
  if (name === 'go') return goOption.test(argument);
  // Options out of a file.
  return argument.startsWith('@') || loads(name, argument, next);
}

/** Whether an option makes the tool load or start something; `next` is what stands after it, and can be its value. */
function loads(name: string, argument: string, next = ''): boolean {
  if (moduleOption.test(argument) && !ownModule.test(/=(.*)/.exec(argument)?.[1] ?? next)) return true;
  const special = managers.has(name) ? handedLetter : loadingOptions[name];
  return [loadingOption, loadingLetter, special].some((each) => each?.test(argument));
}

/** An option before the subcommand, that may take it for its value. */
function hidesCommand(name: string, args: readonly string[]): string | undefined {
  if (!commanded.has(name)) return undefined;
  const early = args.slice(
    0,
    args.findIndex((each) => !each.startsWith('-')),
  );
  return early.find((each) => !earlyOption.test(each));
}
