import { resolve } from 'node:path';
import type { PermissionOption, RequestPermissionOutcome } from '@agentclientprotocol/sdk';
import { decidePermission, type Verdict } from '#core/policy/decide-permission.ts';
import type { PlannedStep } from '#core/project-file/plan.ts';
import type { Approval } from '#core/task/asked.ts';
import { joinWords } from '#core/text/list.ts';
import type { Redactor } from '#core/text/redact.ts';
import { plainText, revealText } from '#core/text/sanitise.ts';
import { shorten } from '#core/text/shorten.ts';
import { hashOf } from '../../run/hash.ts';
import type { StepContext } from '../runtime.ts';
import type { Answer } from './answer-wish.ts';
import type { Ask } from './asks.ts';
import { changedScripts, type Deciding, decidingNow, followLinks } from './deciding.ts';
import { findLinks } from './find-links.ts';
import { redactEvent } from './redact-event.ts';
import { commandOf, diffsOf, folderOf, hostsOf, type KnownCall, pathsOf, titleOf, wishOf } from './tool-calls.ts';

/** What an agent wants to do, and what the policy says of it. */
export interface Wish {
  readonly verdict: Verdict;
  readonly ask: Ask & { readonly type: 'asks-permission' };
}

/** What a wish is judged by. */
export type WishContext = Pick<StepContext, 'folder' | 'checkout' | 'task' | 'original' | 'policy'>;

/**
 * Reads a request for permission: exactly what is asked, its hash, and whether the policy allows it. The hash covers why it is asked
 * and the files that decide what a command does, so that an approval holds for nothing else than what they held.
 */
export async function readWish(
  call: KnownCall,
  step: PlannedStep,
  { context, redactor }: { readonly context: WishContext; readonly redactor: Redactor },
): Promise<Wish> {
  const visible = redactEvent(call, redactor);
  const { folder, task } = context;
  const command = commandOf(call);
  const cwd = resolve(folder, folderOf(call) ?? '.');
  const request = {
    kind: call.kind,
    title: call.kind === 'other' ? (call.name ?? call.title) : call.title,
    ...(command === undefined ? {} : { command }),
    paths: pathsOf(call),
    hosts: hostsOf(call),
    worktree: folder,
    project: context.checkout,
    cwd,
    follow: followLinks,
    links: findLinks,
    ...(command === undefined ? {} : { changedScripts: await changedScripts(folder, context.original) }),
  };
  const policy = { operator: context.policy, project: step.agent?.policy ?? [] };
  const verdict = decidePermission(request, policy);
  const deciding = command === undefined ? nothing : await decidingNow(command, cwd, folder);
  const { title, kind, rawInput } = call;
  // A terminal shows nothing yet, and is named anew each time that the same is asked.
  const content = call.content?.filter(({ type }) => type !== 'terminal');
  const { reason } = verdict;
  const exact = { title, kind, rawInput, content, paths: request.paths, files: deciding.files, reason };
  const hash = hashOf({ taskId: task.id, round: task.round, stepId: step.id, exact });
  const inWords = deciding.unbound ? undefined : alwaysWords(verdict, deciding);
  const always = inWords === undefined || inWords.length > longestAlways ? undefined : inWords;
  const ruleHash = hashOf({ agent: always === undefined ? { hash } : { ...verdict.alwaysKey, files: deciding.files } });
  return {
    verdict,
    ask: {
      type: 'asks-permission',
      stepId: step.id,
      title: shorten(wishOf(visible, folder), 150),
      reason: redactor.redact(reason),
      shown: shownOf(visible, commandOf(visible)),
      hash,
      ruleHash,
      permission: { risk: verdict.risk, ...(always === undefined ? {} : { always: redactor.redact(always) }) },
    },
  };
}

/** A rule that nobody can read at a glance is not offered, in characters. */
const longestAlways = 600;

const nothing: Deciding = { files: {}, unbound: false };

/** A rule about a command holds only as long as what it runs is what it was. */
function alwaysWords({ always }: Verdict, { files }: Deciding): string | undefined {
  const there = Object.entries(files).flatMap(([name, hash]) => (hash === null ? [] : [name]));
  if (always === undefined || there.length === 0) return always;
  const names = there.map((name) => (name.endsWith('package.json') ? `the scripts of ${name}` : name));
  return `${always}, as long as ${joinWords(names, { limit: 5 })} ${there.length === 1 && names[0] === there[0] ? 'is' : 'are'} as now`;
}

/** The command as it is, or the change as a diff, or else the whole input. */
function shownOf(call: KnownCall, command: string | undefined): string {
  if (command !== undefined) return whole(command);
  const diffs = diffsOf(call);
  if (diffs.length > 0) {
    return whole(
      diffs
        .map(({ path, oldText, newText }) => [path, ...marked('-', oldText), ...marked('+', newText)].join('\n'))
        .join('\n\n'),
    );
  }
  const input = call.rawInput === undefined ? '' : `\n${JSON.stringify(call.rawInput, undefined, 2)}`;
  return whole(`${plainText(titleOf(call), { singleLine: true })}${input}`);
}

/** What is not plainly visible is shown as what it is. */
function whole(text: string): string {
  return text.split('\n').map(revealText).join('\n');
}

function marked(sign: string, text: string | null | undefined): readonly string[] {
  return text === undefined || text === null || text === '' ? [] : text.split('\n').map((line) => `${sign}${line}`);
}

/** What was decided about exactly this for a run that ended before its agent heard it; `heard`: what this run has used. */
export function givenBefore(
  approvals: readonly Approval[],
  hash: string,
  heard: ReadonlySet<string>,
): Approval | undefined {
  return approvals.find(
    ({ id, hash: its, status, heard: used }) =>
      its === hash && used !== true && !heard.has(id) && (status === 'approved' || status === 'denied'),
  );
}

/** The agent's own option for a decision: this once, for every request must come to the policy. */
export function outcomeOf(options: readonly PermissionOption[], { is }: Answer): RequestPermissionOutcome {
  if (is === 'undecided') return { outcome: 'cancelled' };
  const kinds =
    is === 'allowed' ? (['allow_once', 'allow_always'] as const) : (['reject_once', 'reject_always'] as const);
  const option = kinds.flatMap((kind) => options.find((each) => each.kind === kind) ?? [])[0];
  return option === undefined ? { outcome: 'cancelled' } : { outcome: 'selected', optionId: option.optionId };
}
