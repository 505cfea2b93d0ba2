/** Marks that open a quotation, in the languages that people type and that phones put in by themselves, each with what may close it. */
const pairs: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '`': '`',
  '“': '”"',
  '”': '”',
  '„': '“”"',
  '‘': "’'",
  '’': '’',
  '‚': "‘’'",
  '«': '»',
  '»': '«',
  '‹': '›',
  '›': '‹',
};

/** Every mark, for a class of a regular expression. */
export const quoteMarks = Object.keys(pairs).join('');

/** What stands between quotation marks of any language; a text that is not all quoted stays as it is. */
export function unquote(text: string): string {
  const [first = '', last = ''] = [text.at(0), text.at(-1)];
  if (text.length < 3 || !(pairs[first] ?? '').includes(last)) return text;
  const inner = text.slice(1, -1);
  // French has spaces inside of its marks.
  return first === '«' || first === '‹' ? inner.trim() : inner;
}
