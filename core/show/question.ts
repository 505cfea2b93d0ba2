import { encodeAction } from '#core/chat/button.ts';
import type { Card } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import type { Question, TaskState } from '#core/task/state.ts';
import { buttonBlocks, line } from './limits.ts';
import { bold, sentence, taskTitle, time } from './pieces.ts';

/** A question with its options as buttons (`answer:<question>:<index of the option>`); then who answered what. */
export function showQuestion(state: TaskState, question: Question): Card {
  const open = question.status === 'open';
  return {
    key: `question:${question.id}`,
    tone: open ? 'waiting' : 'neutral',
    title: taskTitle(state, bold(titles[question.status])),
    summary: `#${state.number}: ${line(question.text)}`,
    blocks: [
      { kind: 'text', text: [line(question.text, 1000)] },
      { kind: 'context', text: open ? askedWhen(question) : answered(question) },
      ...(open
        ? buttonBlocks(question.options.map((option, index) => optionButton(question, option.label, index)))
        : []),
    ],
  };
}

const titles: Readonly<Record<Question['status'], string>> = {
  open: 'A question',
  answered: 'Answered',
  withdrawn: 'No longer asked',
};

function optionButton(question: Question, label: string, index: number): { label: string; action: string } {
  return { label, action: encodeAction({ verb: 'answer', subject: question.id, choice: String(index) }) };
}

function askedWhen(question: Question): RichText {
  const how =
    question.options.length === 0 || question.about.kind === 'agent' ? ' Write the answer in this thread.' : '';
  return ['Asked ', time(question.askedAt), `. Nothing runs until somebody answers.${how}`];
}

function answered(question: Question): RichText {
  const at = question.answeredAt === undefined ? [] : [', ', time(question.answeredAt)];
  if (question.status === 'withdrawn') return ['The task ended before somebody answered', ...at, '.'];
  const by = line(question.answeredBy?.name ?? 'Commander', 60);
  return [`${by} answered`, ...at, `: ${sentence(line(question.answer ?? ''))}`];
}
