import type { ButtonPress, InteractionReply } from '#core/chat/adapter.ts';
import { type Action, encodeAction } from '#core/chat/button.ts';
import type { ModalOption } from '#core/chat/modal.ts';
import { roleAllows } from '#core/policy/roles.ts';
import { shorten } from '#core/text/shorten.ts';
import { carryOutOnce, type InteractionId } from '#db/intake/interactions.ts';
import { changeRule, type RuleChanged, versionOf } from '#db/rules/change-rule.ts';
import { type MatchedOf, matchedLately, together } from '#db/rules/matches.ts';
import { listRules, type Rule } from '#db/rules/rules.ts';
import type { Actor } from '#db/tasks/change-task.ts';
import type { Eyes } from '#db/tasks/visible.ts';
import type { Application } from '../application.ts';
import { longestRuleDays, wordsOfRule } from '../commands/rule-commands.ts';
import { presserAt } from '../viewers.ts';
import { matchedWords } from './matched-words.ts';
import { ruleDays } from './modals.ts';

/** People for whom alone a rule can be made to hold, at most. */
const mostPeople = 5;
/** Slack's menus take 75 characters an option, the least of all platforms. */
const labelLimit = 75;

/** The form for where a rule holds and for how long: it says what it would have matched, and is bound to the rule as it is now. */
export async function changeRuleModal(
  application: Application,
  ruleId: string,
  { thread, sender }: Pick<ButtonPress, 'thread' | 'sender'>,
): Promise<InteractionReply> {
  const { viewer } = await presserAt(application, thread, sender);
  const rule = await ruleById(application, ruleId, viewer);
  if (rule === undefined) return ended;
  const matched = await matchedLately(application.db, rule.ruleHash, rule);
  const lines = matched.slice(0, mostPeople).map((each) => `Of these ${each.name} asked for ${matchedWords(each)}.`);
  return {
    kind: 'modal',
    modal: {
      id: encodeAction({ verb: 'change-rule', subject: rule.id, choice: versionOf(rule) }),
      title: 'Change the rule',
      intro: [
        `${shorten(wordsOfRule(rule), 500)} is allowed without asking.`,
        `In the last 30 days it would have answered ${matchedWords(together(matched))} in ${rule.project}.`,
        ...lines,
        'It is your rule from then on: where nobody approves what they asked for themselves, it does not count for you.',
      ],
      submit: 'Change',
      fields: [
        { kind: 'select', name: 'scope', label: 'Where', options: scopesOf(rule, matched), value: scopeNow(rule) },
        {
          kind: 'select',
          name: 'days',
          label: 'For how long from now',
          options: ruleDays.map((days) => ({ value: days, label: `${days} days` })),
          value: '30',
        },
      ],
    },
  };
}

export interface RuleForm {
  readonly actor: Actor;
  readonly id: InteractionId | undefined;
  readonly values: Readonly<Record<string, string>>;
}

/** Changes the rule as the form says, if it is still what was shown. */
export async function submitRule(
  application: Application,
  { subject, choice }: Action,
  { actor, id, values }: RuleForm,
): Promise<InteractionReply> {
  if (!roleAllows(actor.role, 'decide')) {
    return { kind: 'notice', tone: 'warning', text: `${actor.name} may not approve, and so not change a rule either.` };
  }
  const rule = await ruleById(application, subject, 'commander');
  if (rule === undefined) return ended;
  const days = Number(values.days);
  if (!(Number.isInteger(days) && days >= 1 && days <= longestRuleDays))
    return { kind: 'problems', problems: { days: 'Choose how long the rule holds.' } };
  const { scope = '' } = values;
  const scopes = scopesOf(rule, await matchedLately(application.db, rule.ruleHash, rule));
  if (!scopes.some(({ value }) => value === scope))
    return { kind: 'problems', problems: { scope: 'Choose where the rule holds.' } };
  const [, requesterId] = /^person:(.+)$/.exec(scope) ?? [];
  const where = {
    ...(scope === 'task' && rule.taskId !== undefined ? { taskId: rule.taskId } : {}),
    ...(requesterId === undefined ? {} : { requesterId }),
  };
  const change = { ruleId: rule.id, days, where, shown: choice ?? '', memberId: actor.memberId };
  return carryOutOnce(application.db, id, async (trx) => replies[await changeRule(trx, change)]);
}

const ended: InteractionReply = { kind: 'notice', tone: 'warning', text: 'That rule holds no longer.' };

const replies: Readonly<Record<RuleChanged, InteractionReply>> = {
  changed: { kind: 'done' },
  ended,
  'changed-since': {
    kind: 'notice',
    tone: 'warning',
    text: 'Somebody changed the rule since you were shown it. Open the form again to see it as it is now.',
  },
};

async function ruleById({ db }: Application, ruleId: string, eyes: Eyes): Promise<Rule | undefined> {
  return (await listRules(db, eyes)).find(({ id }) => id === ruleId);
}

/** Everybody, who asked for it lately or for whom alone it holds, and the only task that it holds in. */
function scopesOf(rule: Rule, matched: readonly MatchedOf[]): readonly ModalOption[] {
  const { requesterId, requester } = rule;
  const now = requesterId === undefined ? [] : [{ memberId: requesterId, name: requester ?? '' }];
  const people = [...now, ...matched.slice(0, mostPeople).filter(({ memberId }) => memberId !== requesterId)];
  return [
    { value: 'project', label: shorten(`In ${rule.project}, for everybody`, labelLimit) },
    ...people.map(({ memberId, name }) => ({
      value: `person:${memberId}`,
      label: shorten(`For what ${name} asks for in ${rule.project}`, labelLimit),
    })),
    ...(rule.taskNumber === undefined ? [] : [{ value: 'task', label: `In #${rule.taskNumber} only` }]),
  ];
}

function scopeNow({ taskId, requesterId }: Rule): string {
  if (taskId !== undefined) return 'task';
  return requesterId === undefined ? 'project' : `person:${requesterId}`;
}
