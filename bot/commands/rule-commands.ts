import { z } from 'zod';
import type { RichText } from '#core/chat/inline.ts';
import { showNotice } from '#core/show/replies.ts';
import { listRules, type Rule, revokeRule } from '#db/rules/rules.ts';
import { noticeCard } from './cards.ts';
import { type Command, defineCommand } from './command.ts';

/** Characters of a rule's id that people say: its random end. */
const nameLength = 6;

/** Standing approvals: what "Always allow here" made. */
export const ruleCommands: readonly Command[] = [
  defineCommand({
    name: 'rules',
    aliases: ['list rules'],
    summary: 'What runs without asking, who said so, and until when',
    usage: 'rules',
    input: z.tuple([]),
    async run(_, { application }) {
      const rules = await listRules(application.db);
      const title = rules.length === 0 ? 'Nothing is always allowed' : 'Always allowed';
      return [showNotice({ tone: 'neutral', title, text: rules.map(ruleWords) })];
    },
  }),
  defineCommand({
    name: 'revoke rule',
    aliases: ['forget rule'],
    summary: 'Ask again where a rule allowed it',
    usage: 'revoke rule <name>',
    needs: 'decide',
    options: [{ name: 'rule', summary: 'Its name, as “rules” shows it', kind: 'text', required: true }],
    input: z.tuple([z.string().regex(/^[0-9a-f]{6}$/i)]),
    async run([name], { application, actor }) {
      const rule = (await listRules(application.db)).find((each) => nameOf(each) === name.toLowerCase());
      if (rule === undefined)
        return [noticeCard(`There is no rule “${name}”`, 'warning', ['Say “rules” to see them.'])];
      await revokeRule(application.db, rule.id, actor.memberId);
      return [
        noticeCard('The rule is revoked', 'success', [`“${rule.stepName}” of ${rule.runbook} asks again from now on.`]),
      ];
    },
  }),
];

function nameOf(rule: Rule): string {
  return rule.id.slice(-nameLength);
}

function ruleWords(rule: Rule): RichText {
  return [
    { kind: 'code', text: nameOf(rule) },
    ` “${rule.stepName}” of ${rule.runbook} in ${rule.project}: ${rule.madeBy} said so `,
    { kind: 'time', at: rule.madeAt },
    '; it ends ',
    { kind: 'time', at: rule.expiresAt },
    '.',
  ];
}
