import type { Block, Card } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import type { Approval, Question, Reminders, WaitingThing } from '#core/task/asked.ts';
import { ownReminders, type Remindable } from '#core/task/reminding.ts';
import type { TaskState } from '#core/task/state.ts';
import { plural } from '#core/text/plural.ts';
import type { Ask } from '#core/understand/ask.ts';
import { isOpenAsk, remindableAsk } from '#core/understand/ask-limit.ts';
import { askWords } from './ask.ts';
import { kindWords } from './inbox.ts';
import { line, listBlock } from './limits.ts';
import { bold, elapsed, quoted, sentences, taskTitle, time } from './pieces.ts';
import { taskLink } from './task-list.ts';

/**
 * What was brought to mind, a post each time: an edit of the card itself would reach nobody. Who may answer it himself is pinged
 * by the newest one while it is open; what waits for no one person pings nobody.
 */
export function showReminders(state: TaskState): readonly Card[] {
  return [...state.approvals, ...state.questions].flatMap((asked) => reminderCards(ofTask(state, asked)));
}

/** The same of a request that is no task yet, in the thread of its message. */
export function showAskReminders(ask: Ask, receivedAt: string): readonly Card[] {
  return reminderCards({
    id: String(ask.part),
    title: [bold(titleOf(isOpenAsk(ask)))],
    subject: 'A request',
    what: line(askWords(ask.wanted), 200),
    open: isOpenAsk(ask),
    reminders: ask.reminders,
    asked: remindableAsk(ask, receivedAt),
    otherwise: ['Without an answer nothing is started'],
  });
}

interface Reminded {
  readonly id: string;
  readonly title: RichText;
  readonly subject: string;
  readonly what: string;
  readonly open: boolean;
  readonly reminders?: Reminders;
  readonly asked: Remindable;
  /** What holds at its end. */
  readonly otherwise: RichText;
}

function ofTask(state: TaskState, asked: Approval | Question): Reminded {
  const open = asked.status === 'open';
  return {
    id: asked.id,
    title: taskTitle(state, bold(titleOf(open))),
    subject: `#${state.number}`,
    what: line('stepName' in asked ? asked.stepName : asked.text, 200),
    open,
    reminders: asked.reminders,
    asked,
    otherwise: ['Its stated default holds'],
  };
}

function titleOf(open: boolean): string {
  return open ? 'Still waits for you' : 'No longer waits';
}

function reminderCards(reminded: Reminded): readonly Card[] {
  const { reminders } = reminded;
  return reminders === undefined ? [] : ownReminders(reminders).map((each) => reminderCard(reminded, reminders, each));
}

function reminderCard(reminded: Reminded, reminders: Reminders, count: number): Card {
  const { id, title, subject, what, open, asked } = reminded;
  const newest = count === reminders.count;
  const to: RichText = reminders.to === undefined ? [] : [{ kind: 'person', ...reminders.to, ping: newest }, ': '];
  return {
    key: `reminder:${id}:${count}`,
    // Progress, for what is asked anew goes first.
    tone: 'neutral',
    title,
    summary: `${subject}: ${what}`,
    blocks: [
      {
        kind: 'text',
        text: open
          ? sentences([...to, quoted(what), ' waits ', elapsed(asked.askedAt), '.'], ends(reminded))
          : [quoted(what), ' is settled.'],
      },
      ...(newest ? alsoBlocks(reminders) : []),
    ],
  };
}

function ends({ asked: { limit }, otherwise }: Reminded): RichText {
  if (limit === undefined) return ['Nothing runs until somebody decides.'];
  return [...otherwise, ' at ', time(limit.until), '.'];
}

/** In other threads, which not everybody here may see: so what waits there is named and linked, and none of it said. */
function alsoBlocks({ also, lastAt, to }: Reminders): readonly Block[] {
  if (also === undefined) return [];
  const all = also.things.length + also.more;
  const others = `${plural(all, 'other thing')} waited${to === undefined ? '' : ` for ${line(to.name, 60)}`} at `;
  return [{ kind: 'text', text: [others, time(lastAt), ':'] }, listBlock(also.things.map(thingLine), also)];
}

function thingLine({ kind, number, project, href, until }: WaitingThing): RichText {
  const link = number === undefined ? requestLink(href) : taskLink({ number, threadHref: href });
  return [
    link,
    ` · ${kindWords[kind]}${project === undefined ? '' : ` in ${line(project, 60)}`}`,
    ...(until === undefined ? [] : [', until ', time(until)]),
  ];
}

function requestLink(href: string | undefined) {
  return href === undefined ? 'A request' : ({ kind: 'link', text: 'A request', href } as const);
}
