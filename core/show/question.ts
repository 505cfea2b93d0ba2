import { encodeAction } from '#core/chat/button.ts';
import type { Card } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import type { Manner } from '#core/preferences/preference.ts';
import type { Otherwise, Question } from '#core/task/asked.ts';
import { takesAnswer } from '#core/task/question-limit.ts';
import type { TaskState } from '#core/task/state.ts';
import { attachmentWords } from './attachment-words.ts';
import { buttonBlocks, line } from './limits.ts';
import { bold, quoted, sentence, taskTitle, time } from './pieces.ts';
import { say } from './voice.ts';

/** A question with its options as buttons (`answer:<question>:<index of the option>`), a form where words are an answer; then who answered what. */
export function showQuestion(state: TaskState, question: Question, manner: Manner): Card {
  const open = question.status === 'open';
  const takes = takesAnswer(state, question);
  return {
    key: `question:${question.id}`,
    tone: open ? 'waiting' : 'neutral',
    title: taskTitle(state, bold(question.status === 'open' ? say(manner, 'question') : titles[question.status])),
    summary: `#${state.number}: ${line(question.text)}`,
    blocks: [
      { kind: 'text', text: [...named(question), line(question.text, 1000)] },
      { kind: 'context', text: open ? askedWhen(question) : settled(question, takes) },
      ...(takes
        ? buttonBlocks([
            ...question.options.map((option, index) => optionButton(question, option.label, index)),
            ...(takesWords(question) ? [wordsButton(question)] : []),
          ])
        : []),
    ],
  };
}

/** Who is asked by name hears of it, while it is open. */
function named({ asks, status }: Question): RichText {
  if (asks === undefined) return [];
  const { memberId, name } = asks;
  return [{ kind: 'person', memberId, name: line(name, 60), ping: status === 'open' }, ': '];
}

const titles: Readonly<Record<Exclude<Question['status'], 'open'>, string>> = {
  answered: 'Answered',
  'timed-out': 'Nobody answered in time',
  withdrawn: 'No longer asked',
};

function optionButton(question: Question, label: string, index: number): { label: string; action: string } {
  return { label, action: encodeAction({ verb: 'answer', subject: question.id, choice: String(index) }) };
}

/** Opens a form for the answer. */
function wordsButton(question: Question): { label: string; action: string } {
  const label = question.options.length === 0 ? 'Answer…' : 'Answer in words…';
  return { label, action: encodeAction({ verb: 'answer', subject: question.id }) };
}

/** An agent takes any words for an answer. */
function takesWords({ options, about }: Question): boolean {
  return options.length === 0 || about.kind !== 'unsafe-step';
}

function askedWhen(question: Question): RichText {
  const how = takesWords(question) ? ' Write the answer in this thread.' : '';
  return ['Asked ', time(question.askedAt), '. ', ...unanswered(question), how];
}

/** What comes when nobody answers, and when. */
function unanswered({ limit }: Question): RichText {
  if (limit === undefined) return ['Nothing runs until somebody answers.'];
  const { until, otherwise, extendedAt } = limit;
  const again = extendedAt === undefined ? [] : ['Commander was away when the time was over, so there is more. '];
  return [...again, 'If nobody answers by ', time(until), ', ', sentence(otherwiseThen(otherwise))];
}

function otherwiseThen(otherwise: Otherwise): string {
  switch (otherwise.kind) {
    case 'answer':
      return `${quoted(otherwise.answer)} is taken`;
    case 'without':
      return 'it goes on without an answer and says so';
    case 'pause':
      return 'it pauses and nothing is done again';
  }
}

function settled(question: Question, takes: boolean): RichText {
  const at = question.answeredAt === undefined ? [] : [', ', time(question.answeredAt)];
  if (question.status === 'withdrawn') return ['The task ended before somebody answered', ...at, '.'];
  if (question.status === 'timed-out') return ['Nobody answered in time', ...at, `: ${timedOutWords(question, takes)}`];
  const by = line(question.answeredBy?.name ?? 'Commander', 60);
  const files = question.files === undefined ? '' : ` With ${attachmentWords(question.files)}.`;
  return [`${by} answered`, ...at, `: ${sentence(line(question.answer ?? ''))}${files}`];
}

function timedOutWords({ answer, limit }: Question, takes: boolean): string {
  if (answer !== undefined) return `${quoted(answer)} was taken.`;
  if (limit?.otherwise.kind !== 'pause') return 'it went on without an answer.';
  return takes ? 'it is paused. An answer still counts.' : 'it was paused.';
}
