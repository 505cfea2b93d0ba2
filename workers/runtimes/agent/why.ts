import { plainText } from '#core/text/sanitise.ts';
import { shorten } from '#core/text/shorten.ts';
import { actionOf, commandOf, descriptionOf, type KnownCall, pathsOf } from './tool-calls.ts';

/** Of what an agent gives as its reason, in an action row. */
const whyLength = 160;
/** Of what it said before a call: enough for a sentence. */
const searched = 1_000;
/** “Found it.” and “Perfect!” give no reason. */
const shortestReason = 12;

const sentencesIn = new Intl.Segmenter('en', { granularity: 'sentence' });

/** The reason for a call that an agent gave just before it: the first sentence of the last paragraph that it said. */
export function reasonSaid(words: string): string | undefined {
  const paragraph =
    words
      .slice(-searched)
      .trim()
      .split(/\n\s*\n/)
      .at(-1) ?? '';
  const bare = plainText(paragraph.replace(/^[#>*\-\s]+/, '').replaceAll(/\*\*|`/g, ''), { singleLine: true });
  const sentences = [...sentencesIn.segment(bare)].map(({ segment }) => segment.trim().replace(/[.:]$/, ''));
  const found = sentences.find((each) => each.length >= shortestReason) ?? sentences[0] ?? '';
  return /\p{L}/u.test(found) ? shorten(found, whyLength) : undefined;
}

/** What an agent says of a call by itself, where that is more than the row says anyway. */
export function ownWordsOf(call: KnownCall, folder: string): string | undefined {
  const { text, code } = actionOf(call, folder);
  const known = [text, code ?? '', commandOf(call) ?? '', ...pathsOf(call)];
  const own = [descriptionOf(call), call.title].map((each) => plainText(each ?? '', { singleLine: true }));
  const found = own.find((each) => saysMore(each, known));
  return found === undefined ? undefined : shorten(found, whyLength);
}

/** One new word is a name for the verb: “Edit”, “Write”. */
function saysMore(words: string, known: readonly string[]): boolean {
  const there = new Set(known.flatMap(wordsIn));
  return wordsIn(words).filter((each) => !there.has(each)).length > 1;
}

function wordsIn(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*/gu) ?? [];
}
