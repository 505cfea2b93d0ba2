import type { ChangedScripts } from './builds.ts';
import { judgeCircumstances, judgeCommand } from './commands.ts';
import { judgeLinkMaking } from './links.ts';
import { judgeRead, judgeWrite } from './mentions.ts';
import type { FindLinks, Where } from './places.ts';
import { type PolicyRule, type RulePart, ruleFits } from './rule.ts';
import { readShell, type SimpleCommand, type Word } from './shell/read-shell.ts';
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
  /** The project's own folder, absolute; absent: it has none on this machine. */
  readonly project?: string | undefined;
  /** Where a command would run, absolute. */
  readonly cwd: string;
  /** Where an absolute path really leads, links followed; absent: it is believed as it is written. */
  readonly follow?: (path: string) => string;
  readonly links?: FindLinks;
  readonly changedScripts?: ChangedScripts;
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

/** Files that are looked at in one request, and characters of a path: systems open no longer ones. */
const mostPaths = 1_000;
const longestPath = 4_096;

/** Decides a request by rules; of a command line by its strictest part, of what is not understood by asking. */
export function decidePermission(asked: PermissionRequest, layers: PolicyLayers): Verdict {
  const request = { ...asked, paths: asked.paths.filter(({ length }) => length <= longestPath).slice(0, mostPaths) };
  const tooMuch = request.paths.length < asked.paths.length ? 'it names too many files, or too long ones' : undefined;
  const { parts, where, single, doubt = tooMuch } = partsOf(request);
  const [first, ...others] = parts.map((part) => applyRules(part, where, layers));
  const judged = strictest(first ?? ask('medium', 'it does not say what it does'), ...others);
  const verdict =
    doubt === undefined ? judged : strictest(judged, ask('high', `${doubt}, so nobody can tell what it does`));
  return { ...verdict, ...(doubt === undefined && single ? grantOf(request, verdict) : {}) };
}

/** One thing that a request would do, and what the shipped policy says of it. */
interface Part extends RulePart {
  readonly shipped: Judgement;
}

interface Parts {
  readonly parts: readonly Part[];
  readonly where: Where;
  /** It is one thing, that a person can allow for good. */
  readonly single: boolean;
  readonly doubt?: string;
}

function whereOf({ worktree, project, cwd, follow, links }: PermissionRequest): Where {
  return { worktree, project, folders: [cwd], follow, links };
}

function partsOf(request: PermissionRequest): Parts {
  const { kind, command, paths, hosts } = request;
  if (command === undefined) {
    const parts = [{ kinds: [kind], paths, hosts, shipped: judgeKind(request) }];
    return { parts, where: whereOf(request), single: true };
  }
  const reading = unwrap(readShell(command));
  const { commands, writes, reads, uncertain } = reading;
  const folders = foldersOf(commands, request);
  const where = { ...whereOf(request), folders: folders.slice(0, mostFolders) };
  const doubts = [uncertain, folders.length > mostFolders ? 'it changes its folder too often' : undefined];
  const doubt = doubts.find((each) => each !== undefined);
  return {
    parts: [
      ...commands.flatMap((each, index) => commandParts(each, request, where, commands[index - 1])),
      ...judgeLinkMaking(reading, where).map(circumstance),
      ...writes.map((word) => filePart('edit', word, judgeWrite(word, where))),
      ...reads.map((word) => filePart('read', word, judgeRead(word, where))),
      // What the agent says beside the command itself: where it starts, and files.
      ...[request.cwd, ...paths].map((path) =>
        filePart('read', { text: path, dynamic: false }, judgeRead({ text: path, dynamic: false }, where)),
      ),
    ],
    where,
    single: commands.length + writes.length + reads.length === 1,
    ...(doubt === undefined ? {} : { doubt }),
  };
}

function commandParts(
  command: SimpleCommand,
  request: PermissionRequest,
  where: Where,
  before: SimpleCommand | undefined,
): readonly Part[] {
  const [, ...args] = command.words;
  const paths = args.filter(({ text, dynamic }) => !dynamic && !text.startsWith('-')).map(({ text }) => text);
  const shipped = judgeCommand(command, where, request.changedScripts);
  // A command that names a file may change it, or delete it: rules that forbid that hold.
  const itself = {
    kinds: ['execute', 'edit', 'delete', 'move', 'read'],
    command,
    paths,
    hosts: request.hosts,
    shipped,
  };
  return [itself, ...judgeCircumstances(command, where, before).map(circumstance)];
}

/** No rule about a command changes it. */
function circumstance(shipped: Judgement): Part {
  return { kinds: ['execute'], paths: [], hosts: [], shipped };
}

function filePart(kind: string, { text, dynamic }: Word, shipped: Judgement): Part {
  return { kinds: ['execute', kind], paths: dynamic ? [] : [text], hosts: [], shipped };
}

/** Folders that a command line may be in at one time or another; more can not be told apart. */
const mostFolders = 16;

/** All folders that it may be in: each `cd` may have failed, so that what comes after it happens where it was. */
function foldersOf(commands: readonly SimpleCommand[], { cwd }: PermissionRequest): readonly string[] {
  const folders = new Set([cwd]);
  for (const { words } of commands) {
    const [program, folder] = words;
    if (program?.text !== 'cd' || folder === undefined || folders.size > mostFolders) continue;
    for (const each of [...folders]) {
      if (!folder.text.startsWith('~'))
        folders.add(folder.text.startsWith('/') ? folder.text : `${each}/${folder.text}`);
    }
  }
  return [...folders];
}

/** Commander's own tools, as agents name those of an MCP server: they check rights themselves. */
const ownTool =
  /^(?:(?:mcp__commander__|commander_|commander\/|commander: |mcp\.commander\.)[a-z_]+|[a-z_]+ \(commander MCP Server\))$/;

function judgeKind(request: PermissionRequest): Judgement {
  const { kind, title, paths, hosts } = request;
  const where = whereOf(request);
  const words = paths.map((text) => ({ text, dynamic: false }));
  if (hosts.length > 0) return ask('medium', `it reaches the network: ${hosts.join(', ')}`);
  switch (kind) {
    case 'think':
      return allow('it only thinks');
    case 'read':
      if (paths.length === 0) return ask('medium', 'it does not say what it reads');
      return strictest(allow('it only reads'), ...words.map((path) => judgeRead(path, where)));
    case 'search':
      return strictest(allow('it only reads'), ...words.map((path) => judgeRead(path, where)));
    case 'edit':
    case 'delete':
    case 'move':
      if (paths.length === 0) return ask('medium', 'it does not say which file it changes');
      return strictest(
        allow('it changes files of the work folder, which can be taken back'),
        ...words.map((path) => judgeWrite(path, where)),
      );
    case 'fetch':
      return ask('medium', 'it reaches the network');
    case 'create_task':
      return ask('medium', 'it wants another task to be made');
    case 'switch_mode':
      return ask('medium', 'it wants to work in another mode');
    default:
      return ownTool.test(title)
        ? allow('it is a tool of Commander')
        : ask('medium', 'the policy does not know what this does');
  }
}

/**
 * The operator's rules replace what is shipped: one that denies beats the others, of these the last that fits counts. A
 * project's can only be stricter.
 */
function applyRules(part: Part, where: Where, { operator, project }: PolicyLayers): Judgement {
  const fits = (rule: PolicyRule) => ruleFits(rule, part, where);
  const fitting = operator.filter(fits);
  const chosen = fitting.find(({ decide }) => decide === 'deny') ?? fitting.at(-1);
  const base = chosen === undefined ? part.shipped : judgementOf(chosen, part.shipped, 'the operator');
  return project
    .filter((rule) => isStricter(rule.decide, base.decision) && fits(rule))
    .map((rule) => judgementOf(rule, part.shipped, 'the project'))
    .reduce((strict, each) => strictest(strict, each), base);
}

function judgementOf({ decide, why }: PolicyRule, { risk }: Judgement, whose: string): Judgement {
  const words = { allow: 'allows it', ask: 'wants to be asked', deny: 'forbids it' }[decide];
  return { decision: decide, risk: decide === 'allow' ? 'low' : risk, reason: why ?? `a rule of ${whose} ${words}` };
}

/** The narrowest thing that a person could allow for good: exactly this command, this host, these files. */
function grantOf(
  { kind, command, hosts, paths, cwd, worktree }: PermissionRequest,
  { decision, risk }: Judgement,
): Pick<Verdict, 'always' | 'alwaysKey'> {
  if (decision !== 'ask' || risk === 'high') return {};
  if (command !== undefined) {
    const folder = cwd === worktree ? '' : ` in ${cwd}`;
    return { always: `the command ${command}${folder}`, alwaysKey: { command, ...(folder === '' ? {} : { cwd }) } };
  }
  if (hosts.length > 0) return { always: `to reach ${hosts.join(', ')}`, alwaysKey: { kind, hosts } };
  if (paths.length > 0) return { always: `${kind} ${paths.join(', ')}`, alwaysKey: { kind, paths } };
  return {};
}
