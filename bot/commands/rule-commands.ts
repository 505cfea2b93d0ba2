import { z } from 'zod';
import type { Card } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import { definitions } from '#core/commands/definitions.ts';
import { showNotice } from '#core/show/replies.ts';
import { plainText } from '#core/text/sanitise.ts';
import { extendRule, listRules, type Rule, revokeRule } from '#db/rules/rules.ts';
import type { Application } from '../application.ts';
import { noticeCard } from './cards.ts';
import { type Command, CommandRefused, carryOut } from './command.ts';

/** Characters of a rule's id that people say: its random end. */
const nameLength = 6;
const ruleName = z.string().regex(/^[0-9a-f]{6}$/i);

/** The longest that a rule can be made to hold, in days. */
export const longestRuleDays = 365;

/** Standing approvals: what "Always allow here" made. */
export const ruleCommands: readonly Command[] = [
  carryOut(definitions.rules, {
    input: z.tuple([]),
    run: async (_, { application }) => [await ruleList(application)],
  }),
  carryOut(definitions.changeRule, {
    input: z.tuple([ruleName, z.coerce.number().int().min(1).max(longestRuleDays)]).rest(z.string()),
    async run([name, days], { application, actor }) {
      const rule = await ruleNamed(application, name);
      if (!(await extendRule(application.db, { ruleId: rule.id, days, memberId: actor.memberId }))) throw unknown(name);
      return [noticeCard('The rule is changed', 'success', [`${wordsOf(rule)} is allowed for ${days} days from now.`])];
    },
  }),
  carryOut(definitions.revokeRule, {
    input: z.tuple([ruleName]),
    async run([name], { application, actor }) {
      const rule = await ruleNamed(application, name);
      if (!(await revokeRule(application.db, rule.id, actor.memberId))) throw unknown(name);
      return [noticeCard('The rule is revoked', 'success', [`${wordsOf(rule)} asks again from now on.`])];
    },
  }),
];

/** Every rule that holds now. */
export async function ruleList({ db }: Application): Promise<Card> {
  const rules = await listRules(db);
  const title = rules.length === 0 ? 'Nothing is always allowed' : 'Always allowed';
  return showNotice({ tone: 'neutral', title, text: rules.map(ruleWords) });
}

async function ruleNamed({ db }: Application, name: string): Promise<Rule> {
  const rule = (await listRules(db)).find((each) => nameOf(each) === name.toLowerCase());
  if (rule === undefined) throw unknown(name);
  return rule;
}

function unknown(name: string): CommandRefused {
  return new CommandRefused(`There is no rule “${name}”. Say “rules” to see them.`);
}

function nameOf(rule: Rule): string {
  return rule.id.slice(-nameLength);
}

function wordsOf({ words, runbook, project }: Rule): string {
  return `“${plainText(words, { singleLine: true, maxLength: 200 })}” of ${runbook} in ${project}`;
}

function ruleWords(rule: Rule): RichText {
  const times = rule.uses === 1 ? 'once' : `${rule.uses} times`;
  return [
    { kind: 'code', text: nameOf(rule) },
    ` ${wordsOf(rule)}${scopeOf(rule)}: ${rule.madeBy} said so `,
    { kind: 'time', at: rule.madeAt },
    `; used ${times}; it ends `,
    { kind: 'time', at: rule.expiresAt },
    '.',
  ];
}

function scopeOf({ taskNumber, requester }: Rule): string {
  if (taskNumber !== undefined) return `, in #${taskNumber} only`;
  return requester === undefined ? ', for everybody' : `, for what ${requester} asks for`;
}
