import { builds, type ChangedScripts, isBuild, manages } from './builds.ts';
import { judgeMentions, judgeWrite } from './mentions.ts';
import { meansWhole, type Where } from './places.ts';
import {
  builders,
  destroyers,
  gitGrepOptions,
  gitOptions,
  gitReads,
  gitWriteOptions,
  gitWrites,
  harmless,
  interpreters,
  loaders,
  managers,
  optionAmong,
  plainVariable,
  privileged,
  readerOptions,
  readers,
  speakers,
  tellingVariable,
  writers,
} from './programs.ts';
import type { SimpleCommand, Word } from './shell/read-shell.ts';
import { programName } from './shell/unwrap.ts';
import { allow, ask, deny, type Judgement, strictest } from './verdict.ts';

/** What the shipped policy says of one command of a command line, apart from what comes with it. */
export function judgeCommand({ words }: SimpleCommand, where: Where, changed: ChangedScripts = {}): Judgement {
  const [program, ...args] = words;
  if (program === undefined) return allow('it changes nothing');
  return judgeProgram(programName(program.text), args, where, changed);
}

/**
 * What is said of the circumstances of a command: variables that it sets, files elsewhere that it names, what it reads from;
 * `before` is the one whose output that is. A rule about the command does not change it.
 */
export function judgeCircumstances(command: SimpleCommand, where: Where, before?: SimpleCommand): readonly Judgement[] {
  const [program, ...args] = command.words;
  const name = programName(program?.text ?? '');
  const odd = command.assigns.find((variable) => !plainVariable.test(variable) || tellingVariable.test(variable));
  const loads =
    before !== undefined && command.piped && interpreters.has(name) && loaders.has(before.words[0]?.text ?? '');
  return [
    ...(odd === undefined ? [] : [ask('medium', `it sets ${odd}, which can change what runs`)]),
    ...(loads ? [ask('high', 'it runs what it loads from the network, unseen')] : []),
    ...(speakers.has(name) ? [] : judgeMentions(name, args, where)),
  ];
}

function judgeProgram(name: string, words: readonly Word[], where: Where, changed: ChangedScripts): Judgement {
  const args = words.map(({ text }) => text);
  const dynamic = words.some((word) => word.dynamic);
  if (privileged.has(name)) return ask('high', 'it runs with the rights of somebody else');
  if (destroyers.has(name) || name.startsWith('mkfs')) return deny('it can destroy the machine');
  if (name === 'cd') return changesFolder(words);
  if (name === 'date' && args.every((each) => /^(\+|-u$|-I)/.test(each))) return allow('it changes nothing');
  const odd = optionAmong(args, readerOptions[name] ?? {});
  if (odd !== undefined) return ask('medium', `“${name} ${odd}” can write files, run programs or follow links`);
  if (harmless.has(name)) return allow('it changes nothing');
  if (readers.has(name)) return reads(name, words, dynamic);
  if (name === 'find') return finds(args, dynamic);
  if (name === 'sed') return seds(args, dynamic);
  if (writers.has(name)) return writes(name, words, where, dynamic);
  if (name === 'git') return runsGit(words);
  if (managers.has(name)) return manages(name, words, changed);
  if (isBuild(name, args)) return builds(name, words);
  if (builders[name] !== undefined) return ask('medium', `“${name}” is not plainly told to check or to build`);
  if (loaders.has(name)) return ask('medium', 'it reaches the network');
  return ask('medium', `the policy does not know what “${name}” does`);
}

/** Without an argument it goes home, and what follows happens there. */
function changesFolder(words: readonly Word[]): Judgement {
  const [folder] = words;
  return words.length === 1 && folder !== undefined && !folder.dynamic && !folder.glob && /^[^-]/.test(folder.text)
    ? allow('it changes nothing')
    : ask('medium', 'what follows happens in another folder');
}

function reads(name: string, words: readonly Word[], dynamic: boolean): Judgement {
  if (dynamic) return ask('medium', 'which files it reads is known only when it runs');
  // A file can be called `--output=x`.
  const asOption = words.some(({ text, glob }) => glob && /^[*?[]/.test(text));
  if (asOption && (name === 'uniq' || readerOptions[name] !== undefined))
    return ask('medium', 'a file’s name can be an option here');
  if (name === 'jq' && words.some(({ text }) => /(^|[^.\w])env\b|\$ENV/.test(text)))
    return ask('medium', 'it reads variables, which can hold secrets');
  if (name === 'uniq' && words.filter(({ text }) => !text.startsWith('-')).length > 1)
    return ask('medium', 'it writes a file');
  return allow('it only reads');
}

/** Only lines by their numbers: its scripts can write files and run programs. */
function seds([options = '', script = '', ...files]: readonly string[], dynamic: boolean): Judgement {
  const lines = /^-(n|nE|En|nr|ne)$/.test(options) && /^(\d+|\$)(,(\d+|\$))?p$/.test(script);
  return lines && !dynamic && files.every((each) => !each.startsWith('-'))
    ? allow('it only reads')
    : ask('medium', '“sed” can change files and run programs');
}

function finds(args: readonly string[], dynamic: boolean): Judgement {
  if (dynamic) return ask('medium', 'where it searches is known only when it runs');
  return args.some((each) => /^-(delete|fprint|fprintf|fls|exec|ok|files0|L$|follow)/.test(each))
    ? ask('medium', '“find” deletes or writes files here, or follows links')
    : allow('it only searches');
}

function writes(name: string, words: readonly Word[], where: Where, dynamic: boolean): Judgement {
  if (dynamic) return ask('medium', 'which files it changes is known only when it runs');
  const paths = words.filter(({ text }) => !text.startsWith('-'));
  const changed = strictest(
    allow('it changes files of the work folder, which can be taken back'),
    ...paths.map((path) => judgeWrite(path, where)),
  );
  const whole = name === 'rm' && paths.some(({ text }) => meansWhole(withoutPatterns(text), where));
  return whole ? strictest(changed, ask('medium', 'it deletes everything in the folder')) : changed;
}

/** `rm -rf ../7/*` and `rm -rf ../7/[a-z]*` delete as much as `rm -rf ../7`: parts at the end that fit nearly any name. */
function withoutPatterns(path: string): string {
  const parts = path.split('/');
  const named = parts.findLastIndex((part) => !/^(\.|[*?]*(\[.*\])?[*?]*)$/.test(part));
  return parts.slice(0, named + 1).join('/') || '.';
}

/** An option can stand in what is known only when it runs, and in the name of a file. */
function runsGit(words: readonly Word[]): Judgement {
  const args = words.map(({ text }) => text);
  if (words.some(({ dynamic }) => dynamic)) return ask('medium', 'what “git” does is known only when it runs');
  const end = args.indexOf('--');
  const asOption = words.slice(0, end < 0 ? undefined : end).some(({ text, glob }) => glob && /^[*?[]/.test(text));
  return asOption ? strictest(git(args), ask('medium', 'a file’s name can be an option here')) : git(args);
}

function git(args: readonly string[]): Judgement {
  const [first = '', ...rest] = args[0] === '--no-pager' ? args.slice(1) : args;
  if (first === 'branch' && rest.every((each) => /^(-a|-r|-v|-vv|--list|--show-current)$/.test(each)))
    return allow('it only reads');
  if (gitReads.has(first)) {
    const odd =
      optionAmong(rest, first === 'grep' ? gitGrepOptions : gitOptions) ?? rest.find((each) => /^-O/.test(each));
    return odd === undefined
      ? allow('it only reads')
      : ask('medium', `“git ${first} ${odd}” can write a file or run a program`);
  }
  if (first === 'stash' && (rest[0] === 'show' || rest[0] === 'list')) return git(['log', ...rest]);
  const odd = gitWrites.has(first) ? optionAmong(rest, gitWriteOptions) : undefined;
  if (odd !== undefined) return ask('medium', `“git ${first} ${odd}” can run a program, or bring back anything`);
  // What is only in the stash is nowhere else.
  if (first === 'stash' && !/^(push|save|pop|apply|-.*)?$/.test(rest[0] ?? ''))
    return ask('medium', `“git stash ${rest[0]}” can not be taken back`);
  if (gitWrites.has(first)) return allow('it changes files of the work folder, which can be taken back');
  if (first === 'push') return ask('high', 'it publishes work before anybody has delivered it');
  return ask('medium', `“git ${first}” changes more than files, or reaches the network`);
}
