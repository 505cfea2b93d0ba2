import type { Card } from './card.ts';

/** Pages about a task by its number, about an output by its id, and an output itself. */
const page =
  /^\/(?:tasks\/(?<number>\d+)(?:[/?]|$)|library\?task=(?<listed>\d+)|(?:library|outputs)\/(?<output>[0-9a-f-]{36}))/;

/** What a link to one of Commander's pages is about. */
export interface Linked {
  readonly numbers: ReadonlySet<number>;
  readonly outputs: ReadonlySet<string>;
}

/** What the links of cards are about. */
export function linkedIn(cards: readonly Card[]): Linked {
  const numbers = new Set<number>();
  const outputs = new Set<string>();
  mapHrefs(cards, (href) => {
    const { number, listed, output } = page.exec(href)?.groups ?? {};
    if (output !== undefined) outputs.add(output);
    if (number !== undefined || listed !== undefined) numbers.add(Number(number ?? listed));
    return href;
  });
  return { numbers, outputs };
}

/** The same cards, their links with the keys that open the pages they lead to. */
export function withPageKeys<Cards extends readonly Card[]>(
  cards: Cards,
  keyOf: (about: { readonly number?: number; readonly output?: string }) => string | undefined,
): Cards {
  return mapHrefs(cards, (href) => {
    const found = page.exec(href)?.groups;
    if (found === undefined) return href;
    const { number = found.listed, output } = found;
    const key = keyOf({
      ...(number === undefined ? {} : { number: Number(number) }),
      ...(output === undefined ? {} : { output }),
    });
    return withKey(href, key);
  });
}

/** The address with the key, where it has none yet and needs one. */
export function withKey(href: string, key: string | undefined): string {
  if (key === undefined || /[?&]key=/.test(href)) return href;
  return `${href}${href.includes('?') ? '&' : '?'}key=${key}`;
}

/** Cards are plain data: every `href` in them, wherever it stands. */
function mapHrefs<Value>(value: Value, change: (href: string) => string): Value {
  if (Array.isArray(value)) return value.map((each) => mapHrefs(each, change)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      name === 'href' && typeof each === 'string' ? change(each) : mapHrefs(each, change),
    ]),
  ) as Value;
}
