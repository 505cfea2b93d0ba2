import { describe, expect, it } from 'vitest';
import { type Manner, manners } from '#core/preferences/preference.ts';
import { type SentenceName, say, sayRich, sentencesByTone } from './voice.ts';

const names = Object.keys(sentencesByTone) as SentenceName[];

/** What a sentence is filled with, in the order of the alphabet: a tone may order its words anew. */
function placeholders(name: SentenceName, manner: Manner): readonly string[] {
  return [...sentencesByTone[name][manner].matchAll(/\{(\w+)\}/g)].map(([, each]) => each ?? '').sort();
}

describe.each(names)('the sentence “%s”', (name) => {
  it('is there in every tone, says the same things, and is shortest when terse', () => {
    for (const manner of manners) {
      expect(sentencesByTone[name][manner].trim()).not.toBe('');
      expect(placeholders(name, manner)).toEqual(placeholders(name, 'professional'));
      expect(sentencesByTone[name].terse.length).toBeLessThanOrEqual(sentencesByTone[name][manner].length);
    }
    expect(sentencesByTone[name].friendly).not.toBe(sentencesByTone[name].professional);
  });

  it('denies in every tone or in none, and asks in no tone for more than in another', () => {
    const denies = (manner: Manner) => /\b(no|not|nothing|only)\b/i.test(sentencesByTone[name][manner]);
    expect(manners.map(denies)).toEqual(manners.map(() => denies('professional')));
  });
});

describe('a sentence', () => {
  it('is filled with words as they are, whatever they contain', () => {
    expect(say('friendly', 'needsRole', { role: '{name}', name: '$1', own: '' })).toBe(
      'Sorry, that needs the role “{name}”; $1 has “”.',
    );
  });

  it('takes pieces with a meaning', () => {
    const help = { kind: 'code', text: 'help' } as const;
    expect(sayRich('terse', 'notStarted', { help })).toEqual(['Nothing started. See ', help, '.']);
  });
});
