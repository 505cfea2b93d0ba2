import { z } from 'zod';
import { line, listOf } from '../project-file/fields.ts';
import { globFits, pathGlob } from './glob.ts';
import { inProject, insideNames, type Place, placesOf, type Where } from './places.ts';
import type { SimpleCommand, Word } from './shell/read-shell.ts';

const kinds = [
  'read',
  'edit',
  'delete',
  'move',
  'search',
  'execute',
  'think',
  'fetch',
  'switch_mode',
  'create_task',
  'commander',
  'other',
] as const;
const kind = z.enum(kinds, { error: `must be one of ${kinds.join(', ')}` });

/** A rule of a policy: all that it names must fit. */
export const policyRule = z
  .strictObject(
    {
      kind: z
        .union([kind, listOf(kind, kinds.length)], { error: `must be one or some of ${kinds.join(', ')}` })
        .optional(),
      command: line.optional().meta({ description: 'The beginning of a command, word by word; * is any one word.' }),
      path: line
        .optional()
        .meta({ description: 'worktree, project, outside, or a glob in the work folder, such as "src/**".' }),
      host: line.optional().meta({ description: 'A host; *.example.org is any below it.' }),
      decide: z.enum(['allow', 'ask', 'deny'], { error: 'must be allow, ask or deny' }),
      why: line.optional().meta({ description: 'The reason that people are told.' }),
    },
    { error: 'must be a set of keys' },
  )
  .refine(({ kind, command, path, host }) => [kind, command, path, host].some((each) => each !== undefined), {
    error: 'must name a kind, a command, a path or a host',
  });

export type PolicyRule = z.infer<typeof policyRule>;

/** One thing that a request would do, as rules look at it. */
export interface RulePart {
  /** Of these, the first is what the agent calls it, the others what it comes to: a command can edit a file. */
  readonly kinds: readonly string[];
  readonly command?: SimpleCommand;
  readonly paths: readonly string[];
  readonly hosts: readonly string[];
}

/**
 * Whether a rule is about a part of a request. One that allows must fit all of it as it is written; one that asks or denies fits
 * as soon as any of it does, also where options stand between the words of a command or a word is known only when it runs.
 */
export function ruleFits(rule: PolicyRule, part: RulePart, where: Where): boolean {
  const { kind, command, path, host } = rule;
  const strict = rule.decide !== 'allow';
  const kinds = strict ? part.kinds : part.kinds.slice(0, 1);
  if (kind !== undefined && ![kind].flat().some((each) => kinds.includes(each))) return false;
  if (command !== undefined && !commandFits(command, part.command, strict)) return false;
  const pathsFit = (each: string) => pathFits(path ?? '', each, where, strict);
  if (path !== undefined && !(strict ? part.paths.some(pathsFit) : all(part.paths, pathsFit))) return false;
  const hostsFit = (each: string) => hostFits(host ?? '', each);
  return host === undefined || (strict ? part.hosts.some(hostsFit) : all(part.hosts, hostsFit));
}

function all(values: readonly string[], fits: (value: string) => boolean): boolean {
  return values.length > 0 && values.every(fits);
}

/** Word by word, so that "npm test" does not fit "npm testify". */
function commandFits(pattern: string, command: SimpleCommand | undefined, strict: boolean): boolean {
  if (command === undefined) return false;
  const wanted = pattern.split(/\s+/);
  const [program, ...rest] = command.words;
  if (!strict) return wanted.every((each, index) => wordFits(each, command.words[index]));
  if (program === undefined || !(wordFits(wanted[0] ?? '', program) || programIs(wanted[0] ?? '', program)))
    return false;
  let at = 0;
  return wanted.slice(1).every((each) => {
    const found = rest.findIndex((word, index) => index >= at && (word.dynamic || word.glob || wordFits(each, word)));
    // What is known only when it runs may be several words.
    at = found < 0 || rest[found]?.dynamic ? at : found + 1;
    return found >= 0;
  });
}

function wordFits(wanted: string, word: Word | undefined): boolean {
  return word !== undefined && !word.dynamic && (wanted === '*' || wanted === word.text);
}

/** The same program by a path: `/usr/local/bin/git` is git. */
function programIs(wanted: string, { text }: Word): boolean {
  return text.slice(text.lastIndexOf('/') + 1) === wanted;
}

function pathFits(pattern: string, path: string, where: Where, strict: boolean): boolean {
  const places = placesOf(path, where);
  const some = strict ? places.some.bind(places) : places.every.bind(places);
  if (pattern === 'outside') return some((place) => place === 'outside' || place === 'secret');
  if (pattern === 'project') {
    const lies = inProject(path, where);
    return strict ? lies.includes(true) : !lies.includes(false);
  }
  const within = (place: Place) => place !== 'outside' && place !== 'secret';
  if (!some(within)) return false;
  if (pattern === 'worktree') return true;
  const glob = pathGlob(pattern);
  const fits = (name: string) => globFits(glob, name);
  const names = insideNames(path, where);
  return strict ? names.some(fits) : all(names, fits);
}

function hostFits(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}
