import { z } from 'zod';
import { line, listOf } from '../project-file/fields.ts';
import type { PermissionRequest } from './decide-permission.ts';
import { placeOf } from './places.ts';
import type { SimpleCommand } from './shell/read-shell.ts';

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
      path: line.optional().meta({ description: 'worktree, outside, or a glob in the work folder, such as "src/**".' }),
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

/** Whether a rule is about a request; of a command line, about one of its commands. */
export function ruleFits(rule: PolicyRule, request: PermissionRequest, command?: SimpleCommand): boolean {
  if (rule.kind !== undefined && ![rule.kind].flat().some((each) => each === request.kind)) return false;
  if (rule.command !== undefined && !(command !== undefined && commandFits(rule.command, command))) return false;
  if (
    rule.path !== undefined &&
    !(request.paths.length > 0 && request.paths.every((path) => pathFits(rule.path ?? '', path, request)))
  )
    return false;
  return (
    rule.host === undefined ||
    (request.hosts.length > 0 && request.hosts.every((host) => hostFits(rule.host ?? '', host)))
  );
}

/** Word by word, so that "npm test" does not fit "npm testify"; what is not known yet fits nothing. */
function commandFits(pattern: string, { words }: SimpleCommand): boolean {
  return pattern.split(/\s+/).every((wanted, index) => {
    const word = words[index];
    return word !== undefined && !word.dynamic && (wanted === '*' || wanted === word.text);
  });
}

function pathFits(pattern: string, path: string, where: PermissionRequest): boolean {
  const place = placeOf(path, where);
  if (pattern === 'outside') return place === 'outside' || place === 'secret';
  if (place === 'outside' || place === 'secret') return false;
  if (pattern === 'worktree') return true;
  const inside = path.startsWith(`${where.worktree}/`) ? path.slice(where.worktree.length + 1) : path;
  return globExpression(pattern).test(inside);
}

function globExpression(glob: string): RegExp {
  const source = glob
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => globParts[part] ?? RegExp.escape(part))
    .join('');
  return new RegExp(`^${source}$`);
}

const globParts: Readonly<Record<string, string | undefined>> = {
  '**/': '(?:[^/]+/)*',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
};

function hostFits(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}
