import { joinWords } from '#core/text/list.ts';
import type { Question } from './asked.ts';

/**
 * The value that an answer in words stands for: the text itself where a question has no options, else the option that it names
 * by its value, its label, its number or its beginning. `undefined` when it fits none, or more than one; an agent, and
 * who waits for a review, takes other words as well, and files alone, which are answered with by their names.
 */
export function answerFromText(
  question: Pick<Question, 'options'> & Partial<Pick<Question, 'about'>>,
  text: string,
  fileNames: readonly string[] = [],
): string | undefined {
  const said = bare(text);
  const takesWords =
    question.options.length === 0 || (question.about !== undefined && question.about.kind !== 'unsafe-step');
  if (said === '') return takesWords && fileNames.length > 0 ? joinWords(fileNames, { limit: 5 }) : undefined;
  if (question.options.length === 0) return text.trim();
  const exact = question.options.find(({ value, label }, index) =>
    [bare(value), bare(label), String(index + 1)].includes(said),
  );
  if (exact !== undefined) return exact.value;
  const begun = question.options.filter(({ label }) => bare(label).startsWith(said));
  if (begun.length === 1) return begun[0]?.value;
  return takesWords ? text.trim() : undefined;
}

/** What is left of words when their case, spaces and punctuation at the end don't matter. */
function bare(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s.!,]+$/, '')
    .replace(/\s+/g, ' ');
}
