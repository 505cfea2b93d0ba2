import { z } from 'zod';
import { encodeAction } from '#core/chat/button.ts';
import type { Card } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import { definitions } from '#core/commands/definitions.ts';
import type { Viewer } from '#core/policy/visibility.ts';
import { buttonBlocks } from '#core/show/limits.ts';
import { showNotice } from '#core/show/replies.ts';
import { plainText } from '#core/text/sanitise.ts';
import { changeRule } from '#db/rules/change-rule.ts';
import { listRules, type Rule, revokeRule } from '#db/rules/rules.ts';
import type { Application } from '../application.ts';
import { noticeCard } from './cards.ts';
import { type Command, type CommandContext, CommandRefused, carryOut } from './command.ts';

/** Characters of a rule's id that people say: its random end. */
const nameLength = 6;
const ruleName = z.string().regex(/^[0-9a-f]{6}$/i);

/** The longest that a rule can be made to hold, in days. */
export const longestRuleDays = 365;

/** Standing approvals: what "Always allow here" made. */
export const ruleCommands: readonly Command[] = [
  carryOut(definitions.rules, {
    input: z.tuple([]),
    run: async (_, context) => [await ruleCard(context)],
  }),
  carryOut(definitions.changeRule, {
    input: z.tuple([ruleName, z.coerce.number().int().min(1).max(longestRuleDays)]).rest(z.string()),
    async run([name, days], { application, actor, viewer }) {
      const rule = await ruleNamed(application, name, viewer);
      const change = { ruleId: rule.id, days, memberId: actor.memberId };
      const changed = await application.db.transaction((trx) => changeRule(trx, change));
      if (changed !== 'changed') throw unknown(name);
      const words = `${wordsOfRule(rule)} is allowed for ${days} days from now. It is a rule of ${actor.name} now.`;
      return [noticeCard('The rule is changed', 'success', [words])];
    },
  }),
  carryOut(definitions.revokeRule, {
    input: z.tuple([ruleName]),
    async run([name], { application, actor, viewer }) {
      const rule = await ruleNamed(application, name, viewer);
      const isEnded = await application.db.transaction((trx) => revokeRule(trx, rule.id, actor.memberId));
      if (!isEnded) throw unknown(name);
      return [noticeCard('The rule is revoked', 'success', [`${wordsOfRule(rule)} asks again from now on.`])];
    },
  }),
];

/** Rules that have a button of their own on their card; the others are changed by name. */
const mostButtons = 10;

/** Every rule that holds now, with buttons to change them. */
async function ruleCard({ application, viewer }: CommandContext): Promise<Card> {
  const rules = await listRules(application.db, viewer);
  const card = listed(rules);
  const buttons = rules.slice(0, mostButtons).map((rule) => ({
    label: `Change ${nameOf(rule)}…`,
    action: encodeAction({ verb: 'change-rule', subject: rule.id }),
  }));
  return { ...card, blocks: [...card.blocks, ...buttonBlocks(buttons)] };
}

/** Every rule that holds now, as the viewer may see it. */
export async function ruleList({ db }: Application, viewer: Viewer): Promise<Card> {
  return listed(await listRules(db, viewer));
}

function listed(rules: readonly Rule[]): Card {
  const title = rules.length === 0 ? 'Nothing is always allowed' : 'Always allowed';
  return showNotice({ tone: 'neutral', title, text: rules.map(ruleWords) });
}

async function ruleNamed({ db }: Application, name: string, viewer: Viewer): Promise<Rule> {
  const rule = (await listRules(db, viewer)).find((each) => nameOf(each) === name.toLowerCase());
  if (rule === undefined) throw unknown(name);
  return rule;
}

function unknown(name: string): CommandRefused {
  return new CommandRefused(`There is no rule “${name}”. Say “rules” to see them.`);
}

function nameOf(rule: Rule): string {
  return rule.id.slice(-nameLength);
}

/** Stands for the words of a rule that was asked for where the reader may not look. */
const privateRule = '(a rule from a private place)';

/** What a rule allows, of which runbook or agent, and where. */
export function wordsOfRule({ words, runbook, project }: Rule): string {
  const what = words === undefined ? privateRule : `“${plainText(words, { singleLine: true, maxLength: 200 })}”`;
  return `${what} of ${runbook} in ${project}`;
}

function ruleWords(rule: Rule): RichText {
  const times = rule.uses === 1 ? 'once' : `${rule.uses} times`;
  return [
    { kind: 'code', text: nameOf(rule) },
    ` ${wordsOfRule(rule)}${scopeOf(rule)}: ${rule.madeBy} said so `,
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
