import type { Block } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import type { CheckResult, Verification } from '#core/task/result.ts';
import type { TaskState } from '#core/task/state.ts';
import { joinWords } from '#core/text/list.ts';
import { plural } from '#core/text/plural.ts';
import { line } from './limits.ts';
import { bold, code, commit, sentences } from './pieces.ts';

const checkLimit = 10;

/** What was checked, how, on which commit, and whether that still holds. Says plainly when nothing was checked. */
export function checkBlocks(state: TaskState): readonly Block[] {
  const words = { kind: 'text', text: checkWords(state) } as const;
  const { verification } = state;
  if (verification === undefined || verification.checks.length === 0) return [words];
  const more = verification.checks.length - checkLimit;
  const items = verification.checks.slice(0, checkLimit).map(checkItem);
  return [words, { kind: 'list', items: more > 0 ? [...items, [`${more} more, see Details`]] : items }];
}

/** The same in sentences, without the single checks. */
export function checkWords(state: TaskState): RichText {
  const { verification } = state;
  if (verification === undefined) return [notRun(state)];
  if (verification.checks.length === 0) return ['No checks are declared, so nothing was checked.'];
  return sentences(isStale(state) ? staleWords(state, verification) : undefined, verdict(verification));
}

/** Whether the work changed after it was checked: the results are about another commit. */
export function isStale({ verification, workspace }: TaskState): boolean {
  return verification !== undefined && verification.checks.length > 0 && verification.commit !== workspace?.head;
}

function notRun({ understanding }: TaskState): string {
  const names = understanding.verify.map((each) => line(each.name, 80));
  return names.length === 0
    ? 'No checks are declared, so nothing was checked.'
    : `The declared checks did not run: ${joinWords(names, { limit: 5 })}.`;
}

function verdict({ checks, commit: checked }: Verification): RichText {
  const failed = checks.filter((check) => !check.passed).length;
  const outcome = failed === 0 ? 'passed' : `${failed} of ${checks.length} did not pass`;
  const all = checks.length === 1 || failed > 0 ? '' : 'all ';
  return [`Commander ran ${plural(checks.length, 'check')} on commit `, commit(checked), `: ${all}${outcome}.`];
}

function checkItem({ name, command, passed, reason }: CheckResult): RichText {
  const how = line(command, 150);
  return [
    bold(passed ? 'Passed' : 'Failed'),
    ` ${line(name, 80)}`,
    ...(how === '' ? [] : [': ', code(how)]),
    ...(reason === '' ? [] : [` · ${line(reason, 200)}`]),
  ];
}

function staleWords({ workspace }: TaskState, verification: Verification): RichText {
  const newest: RichText = workspace === undefined ? [] : [', and the newest commit is ', commit(workspace.head)];
  return [
    bold('Stale'),
    ': the work has changed since it was checked. The results are about commit ',
    commit(verification.commit),
    ...newest,
    '.',
  ];
}
