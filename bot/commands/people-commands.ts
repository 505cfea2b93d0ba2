import { z } from 'zod';
import { definitions } from '#core/commands/definitions.ts';
import { readOptions } from '#core/commands/read-options.ts';
import { type Role, roles } from '#core/policy/roles.ts';
import { showNotice } from '#core/show/replies.ts';
import { joinWords } from '#core/text/list.ts';
import { unquote } from '#core/text/quotes.ts';
import { plainText } from '#core/text/sanitise.ts';
import { giveRole, listMembers, type Member } from '#db/intake/roles.ts';
import type { Application } from '../application.ts';
import { noticeCard } from './cards.ts';
import { type Command, CommandRefused, carryOut } from './command.ts';

/** People that a list shows; a name finds the others. */
const shownPeople = 50;

/** Characters of a person's id that people say: its random end. */
const idLength = 6;

/** What a role lets people do, in their words. */
const roleWords: Readonly<Record<Role, string>> = {
  viewer: 'may look, and nothing else',
  requester: 'may ask for work, and steer his own',
  approver: 'may also decide and steer the work of others',
  admin: 'may also add projects, lead requests, and give roles',
};

/** Who was seen, and what each may do. */
export const peopleCommands: readonly Command[] = [
  carryOut(definitions.people, {
    input: z.tuple([]),
    async run(_, { application: { db } }) {
      const found = await listMembers(db, shownPeople + 1);
      const text = found.slice(0, shownPeople).map((each) => [`${memberWords(each)}: ${roleWords[each.role]}.`]);
      const more = found.length > shownPeople ? [['There are more: name one to give him a role.']] : [];
      return [showNotice({ tone: 'neutral', title: 'People and their roles', text: [...text, ...more] })];
    },
  }),
  carryOut(definitions.setRole, {
    input: z
      .array(z.string())
      .transform((words) => readOptions(words, definitions.setRole.options))
      .transform((read) => (read.ok ? read.values : {}))
      .pipe(z.object({ role: z.enum(roles), person: z.string().min(1) })),
    async run({ role, person }, { application, actor }) {
      const member = await personMeant(application, person);
      const given = await giveRole(application.db, { memberId: member.memberId, role, givenBy: actor.memberId });
      if (given === 'last-admin') {
        throw new CommandRefused(
          `${member.name} is the only admin. Make somebody else one first. Nothing was changed.`,
        );
      }
      return [noticeCard(`${member.name} is ${role} now`, 'success', [`${member.name} ${roleWords[role]}.`])];
    },
  }),
];

/** The one person who is called so, or has this id: names are chosen by those who have them. @throws CommandRefused */
async function personMeant({ db }: Application, said: string): Promise<Member> {
  const name = plainText(unquote(said), { singleLine: true, maxLength: 100 });
  const idEnd = /^@?([0-9a-f]{6})$/i.exec(name)?.[1];
  const byId = idEnd === undefined ? [] : await listMembers(db, 2, { idEnd });
  const found = byId.length > 0 ? byId : await listMembers(db, 10, { name });
  const [only, ...others] = found;
  if (only === undefined) {
    throw new CommandRefused(`I never saw anybody called “${name}”. Who said something to me is in “people”.`);
  }
  if (others.length === 0) return only;
  throw new CommandRefused(
    `Several are called “${name}”: ${joinWords(found.map(memberWords))}. Say the id instead, for example “set role requester for ${idOf(only)}”.`,
  );
}

function idOf({ memberId }: Member): string {
  return memberId.slice(-idLength);
}

function memberWords(member: Member): string {
  return `${member.name} (${member.platform}, ${idOf(member)}), ${member.role}`;
}
