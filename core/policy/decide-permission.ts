import { judgeCommand, judgeRead, judgeWrite } from './commands.ts';
import { placeOf } from './places.ts';
import { type PolicyRule, ruleFits } from './rule.ts';
import { readShell, type SimpleCommand } from './shell/read-shell.ts';
import { unwrap } from './shell/unwrap.ts';
import { allow, ask, isStricter, type Judgement, strictest } from './verdict.ts';

/** What an agent wants to do. */
export interface PermissionRequest {
  /** As the protocol calls it: read, edit, execute … */
  readonly kind: string;
  readonly title: string;
  readonly command?: string;
  readonly paths: readonly string[];
  readonly hosts: readonly string[];
  /** The work folder, absolute. */
  readonly worktree: string;
  readonly cwd: string;
}

/** Whose rules hold: the operator's may loosen what Commander ships, a project's may only tighten. */
export interface PolicyLayers {
  readonly operator: readonly PolicyRule[];
  readonly project: readonly PolicyRule[];
}

export interface Verdict extends Judgement {
  /** What "Always allow here" would allow, in words; absent: it is not offered. */
  readonly always?: string;
  /** The same as JSON data: equal for every request that it covers. */
  readonly alwaysKey?: object;
}

/** Decides a request by rules; of a command line by its strictest part, of what is not understood by asking. */
export function decidePermission(request: PermissionRequest, layers: PolicyLayers): Verdict {
  const { parts, doubt } = partsOf(request);
  const [first, ...others] = parts.map(({ shipped, command }) => applyRules(shipped, request, layers, command));
  const judged = strictest(first ?? ask('medium', 'it does not say what it does'), ...others);
  const verdict =
    doubt === undefined ? judged : strictest(judged, ask('high', `${doubt}, so nobody can tell what it does`));
  return { ...verdict, ...(doubt === undefined && parts.length === 1 ? grantOf(request, verdict) : {}) };
}

interface Part {
  readonly shipped: Judgement;
  readonly command?: SimpleCommand;
}

function partsOf(request: PermissionRequest): { readonly parts: readonly Part[]; readonly doubt?: string } {
  if (request.command === undefined) return { parts: [{ shipped: judgeKind(request) }] };
  const { commands, writes, reads, uncertain } = unwrap(readShell(request.command));
  const parts = [
    ...commands.map((command, index) => ({ command, shipped: judgeCommand(command, request, commands[index - 1]) })),
    ...writes.map(({ text, dynamic }) => ({
      shipped: dynamic
        ? ask('medium', 'where it writes is known only when it runs')
        : judgeWrite(placeOf(text, request), text),
    })),
    ...reads.map(({ text, dynamic }) => ({
      shipped: dynamic
        ? ask('medium', 'what it reads is known only when it runs')
        : judgeRead(placeOf(text, request), text),
    })),
  ];
  return { parts, ...(uncertain === undefined ? {} : { doubt: uncertain }) };
}

/** Commander's own tools, as agents name those of an MCP server: they check rights themselves. */
const ownTool = /^(?:mcp__commander__|commander_|commander\/|commander: )[a-z_]+$/;

function judgeKind(request: PermissionRequest): Judgement {
  const { kind, title, paths, hosts } = request;
  switch (kind) {
    case 'think':
      return allow('it only thinks');
    case 'read':
    case 'search':
      return strictest(allow('it only reads'), ...paths.map((path) => judgeRead(placeOf(path, request), path)));
    case 'edit':
    case 'delete':
    case 'move':
      if (paths.length === 0) return ask('medium', 'it does not say which file it changes');
      return strictest(
        allow('it changes files of the work folder, which can be taken back'),
        ...paths.map((path) => judgeWrite(placeOf(path, request), path)),
      );
    case 'fetch':
      return ask('medium', `it reaches the network${hosts.length === 0 ? '' : `: ${hosts.join(', ')}`}`);
    case 'switch_mode':
      return ask('medium', 'it wants to work in another mode');
    default:
      return ownTool.test(title)
        ? allow('it is a tool of Commander')
        : ask('medium', 'the policy does not know what this does');
  }
}

/** The operator's last rule that fits replaces what is shipped; a project's can only be stricter. */
function applyRules(
  shipped: Judgement,
  request: PermissionRequest,
  { operator, project }: PolicyLayers,
  command?: SimpleCommand,
): Judgement {
  const fits = (rule: PolicyRule) => ruleFits(rule, request, command);
  const chosen = operator.findLast(fits);
  const base = chosen === undefined ? shipped : judgementOf(chosen, shipped, 'the operator');
  return project
    .filter((rule) => fits(rule) && isStricter(rule.decide, base.decision))
    .map((rule) => judgementOf(rule, shipped, 'the project'))
    .reduce((strict, each) => strictest(strict, each), base);
}

function judgementOf({ decide, why }: PolicyRule, { risk }: Judgement, whose: string): Judgement {
  const words = { allow: 'allows it', ask: 'wants to be asked', deny: 'forbids it' }[decide];
  return { decision: decide, risk: decide === 'allow' ? 'low' : risk, reason: why ?? `a rule of ${whose} ${words}` };
}

/** The narrowest thing that a person could allow for good: exactly this command, this host, these files. */
function grantOf(
  { kind, command, hosts, paths }: PermissionRequest,
  { decision, risk }: Judgement,
): Pick<Verdict, 'always' | 'alwaysKey'> {
  if (decision !== 'ask' || risk === 'high') return {};
  if (command !== undefined) return { always: `the command ${command}`, alwaysKey: { command } };
  if (hosts.length > 0) return { always: `to reach ${hosts.join(', ')}`, alwaysKey: { kind, hosts } };
  if (paths.length > 0) return { always: `${kind} ${paths.join(', ')}`, alwaysKey: { kind, paths } };
  return {};
}
