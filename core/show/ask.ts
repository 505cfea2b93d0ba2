import { encodeAction } from '#core/chat/button.ts';
import type { Block, Button, Card } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import type { Manner } from '#core/preferences/preference.ts';
import { plainPresentation } from '#core/preferences/resolve.ts';
import { plainText } from '#core/text/sanitise.ts';
import type { Ask, Wanted } from '#core/understand/ask.ts';
import { buttonBlocks, line } from './limits.ts';
import { code, quoted, sentence, time } from './pieces.ts';
import { say } from './voice.ts';

/** Choices that have a button: two rows. Others are answered in words. */
const shownChoices = 10;

/** The message that the request is part of. */
export interface AskedMessage {
  readonly id: string;
  /** Its author's name. */
  readonly from: string;
}

/** What a request waits for before it becomes a task, and until when; then what was answered, or that nobody did in time. */
export function showAsk(message: AskedMessage, ask: Ask, manner: Manner): Card {
  const heard = { kind: 'quote', from: line(message.from, 60), text: plainText(ask.text, { maxLength: 500 }) } as const;
  const answers: readonly Block[] =
    ask.answers.length === 0 ? [] : [{ kind: 'list', items: ask.answers.map((each) => [sentence(line(each))]) }];
  if (ask.taskNumber !== undefined) {
    return {
      key: 'question',
      tone: 'neutral',
      title: ['Asked and answered'],
      summary: `It is task #${ask.taskNumber}.`,
      blocks: [heard, ...answers, { kind: 'text', text: ['It is ', { kind: 'task', number: ask.taskNumber }, '.'] }],
    };
  }
  if (ask.endedAt !== undefined) {
    return {
      key: 'question',
      tone: 'neutral',
      title: ['Nobody answered in time'],
      summary: `Nothing was started: “${line(ask.text, 100)}”.`,
      blocks: [heard, ...answers, ...endedBlocks(ask, ask.endedAt)],
    };
  }
  const { wanted } = ask;
  return {
    key: 'question',
    tone: 'waiting',
    title: [askTitle(wanted, manner)],
    summary: `${askTitle(wanted, manner)}: “${line(ask.text, 100)}”.`,
    blocks: [
      heard,
      ...answers,
      ...wantedBlocks(wanted),
      { kind: 'context', text: [...howToAnswer(wanted), ' Nothing was started yet.', ...unanswered(ask)] },
      ...buttonBlocks(buttonsOf(message.id, ask)),
    ],
  };
}

function endedBlocks({ limit, text }: Ask, endedAt: string): readonly Block[] {
  return [
    { kind: 'text', text: ['Nobody answered by ', time(limit?.until ?? endedAt), ': nothing was started.'] },
    { kind: 'context', text: [sayAgain(text)] },
  ];
}

/** The way on from a request that ended. */
function sayAgain(text: string): string {
  return `To have it done after all, say it again: ${quoted(line(text, 200))}.`;
}

/** What comes when nobody answers, and when. */
function unanswered({ limit }: Ask): RichText {
  if (limit === undefined) return [];
  const again = limit.again === undefined ? '' : 'Commander was away when the time was over, so there is more. ';
  return [` ${again}If nobody answers by `, time(limit.until), ', nothing is started.'];
}

function askTitle(wanted: Wanted, manner: Manner = plainPresentation.manner): string {
  if (wanted.kind === 'place') return say(manner, 'whichPlace');
  return say(manner, 'needsMore', { runbook: quoted(wanted.runbook.name), project: line(wanted.project.name, 60) });
}

/** What a later answer is told: what was answered before, or that nobody did in time and how to go on. */
export function settledWords({ answers, taskNumber, endedAt, text }: Ask): string {
  if (endedAt !== undefined) return `Nobody answered in time, so nothing was started. ${sayAgain(text)}`;
  const said = [...answers, ...(taskNumber === undefined ? [] : [`It is task #${taskNumber}`])];
  return said.map((each) => `${each}.`).join(' ');
}

/** What must be known, in one line. */
export function askWords(wanted: Wanted): string {
  return wanted.kind === 'place' ? askTitle(wanted) : Object.values(wanted.problems).map(sentence).join(' ');
}

function wantedBlocks(wanted: Wanted): readonly Block[] {
  if (wanted.kind === 'inputs') {
    return [{ kind: 'list', items: Object.values(wanted.problems).map((problem) => [sentence(line(problem))]) }];
  }
  const { notes = [] } = wanted;
  const more = wanted.choices.slice(shownChoices);
  return [
    ...notes.slice(0, 5).map((each) => ({ kind: 'text', text: [sentence(line(each))] }) as const),
    ...(more.length === 0
      ? []
      : [{ kind: 'list', items: more.slice(0, 20).map(({ label }) => [line(label, 100)]) } as const]),
  ];
}

function howToAnswer(wanted: Wanted): RichText {
  if (wanted.kind === 'place') return ['Choose one, or answer with its name here in the thread.'];
  const names = Object.keys(wanted.problems);
  const [only] = names;
  const example = names.map((name) => `${name}=…`).join(' ');
  const how = names.length === 1 && only !== undefined ? `just the ${only}, or ` : '';
  return [`Fill in the form, or answer here in the thread: ${how}`, code(line(example, 100)), '.'];
}

function buttonsOf(messageId: string, { part, wanted }: Ask): readonly Button[] {
  const button = (verb: 'choose' | 'fill', choice: string) => encodeAction({ verb, subject: messageId, choice });
  if (wanted.kind === 'inputs') return [{ label: 'Fill in', style: 'primary', action: button('fill', String(part)) }];
  return wanted.choices
    .slice(0, shownChoices)
    .map(({ label }, index) => ({ label, action: button('choose', `${part}-${index}`) }));
}
