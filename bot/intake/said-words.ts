import { readSaid, type Said } from '#core/task/said.ts';
import { plainText } from '#core/text/sanitise.ts';
import type { InboxBody } from '#db/schema.ts';
import { quotedLines } from './earlier-talk.ts';

/** Characters of what is said to a task under way: an instruction, not a document. */
export const saidLimit = 4000;

/** As much of what somebody says to a task as is heard. */
export function heardOf(text: string): string {
  return plainText(text, { maxLength: saidLimit });
}

/** Words to a task as a note has them: what their message forwards or answers goes along behind its own words. */
export function noteOf(text: string, { earlier = [] }: Pick<InboxBody, 'earlier'>): Pick<Said, 'kind' | 'text'> {
  const said = readSaid(text);
  const whole = [said.text, quotedLines(earlier)].join('\n\n').trim();
  return { kind: said.kind, text: whole.slice(0, saidLimit) };
}

/** The names of the files of a message. */
export function fileNamesOf({ files, stored = [] }: Pick<InboxBody, 'files' | 'stored'>): readonly string[] {
  return [...stored, ...files].map(({ name }) => plainText(name, { singleLine: true, maxLength: 100 }));
}
