/** Elements that a browser draws without anybody noticing; a drawing of a few hundred bytes can ask for billions. */
const mostElements = 100_000;

/** Nesting beyond this is no drawing that a person or a program made to be looked at. */
const deepest = 200;

/** What a reader of the text alone can not follow: entities, escapes, drawings and sheets within drawings, other encodings. */
const unread = /<!ENTITY|<!DOCTYPE[^<>]*\[|<!\[CDATA\[|&#|\\|data:(?!image\/(?:png|jpeg|gif|webp)[;,])|\0/i;

/** A name that means the same wherever it stands. */
const plainName = /^[^\s"'(),;%&#<>]*$/;

interface Element {
  /** Ids that its attributes refer to, colours among them: no element is called so. */
  readonly refers: readonly string[];
  readonly inside: Element[];
  cost?: number;
}

/**
 * Whether a drawing (SVG) may keep a browser busy for long: elements that are used again count each time, also by what is used
 * again itself. What can not be followed counts as heavy: it can still be saved.
 */
export function isHeavyDrawing(svg: string): boolean {
  if (unread.test(svg)) return true;
  const read = readElements(svg);
  return read === undefined || costOf(read.root, read.named) > mostElements;
}

interface Read {
  readonly root: Element;
  readonly named: Map<string, Element>;
}

/** `undefined` for what is not well-formed, or can not be followed. */
function readElements(svg: string): Read | undefined {
  const root: Element = { refers: [], inside: [] };
  const read: Read = { root, named: new Map() };
  const open = [{ element: root, isStyle: false }];
  let end = 0;
  for (let at = svg.indexOf('<'); at !== -1; at = svg.indexOf('<', end)) {
    // A style sheet refers for elements that it does not stand in.
    if (/url\(/i.test(svg.slice(end, at))) return undefined;
    end = endOf(svg, at);
    const within = open.at(-1);
    if (end === -1 || within === undefined || open.length > deepest) return undefined;
    const tag = svg.slice(at + 1, end - 1);
    if (tag.startsWith('/')) open.pop();
    else if (within.isStyle) return undefined;
    else if (!/^[!?]/.test(tag)) {
      const element = readElement(tag, read);
      if (element === undefined) return undefined;
      within.element.inside.push(element);
      if (!tag.endsWith('/')) open.push({ element, isStyle: /^(?:[\w.-]+:)?style\b/i.test(tag) });
    }
  }
  return open.length === 0 ? undefined : read;
}

function readElement(tag: string, { named }: Read): Element | undefined {
  const attributes = [...tag.matchAll(/([^\s=]{1,100})\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
  const values = attributes.map(([, name = '', double, single]) => ({ name, value: double ?? single ?? '' }));
  const id = values.find(({ name }) => name === 'id')?.value;
  if (id !== undefined && !plainName.test(id)) return undefined;
  // In an address a name may be written in another way.
  if (values.some(({ value }) => value.includes('#') && value.includes('%'))) return undefined;
  const refers = values.flatMap(({ value }) => [...value.matchAll(/#([^\s"'(),;]+)/g)].map(([, name = '']) => name));
  const element: Element = { refers, inside: [] };
  if (id !== undefined && !named.has(id)) named.set(id, element);
  return element;
}

/** Where a tag or comment that begins here ends; -1 when it does not. */
function endOf(svg: string, at: number): number {
  if (svg.startsWith('<!--', at)) {
    const found = svg.indexOf('-->', at + 4);
    return found === -1 ? -1 : found + 3;
  }
  let quote = '';
  for (let index = at; index < svg.length; index += 1) {
    const sign = svg[index] ?? '';
    if (quote !== '') quote = sign === quote ? '' : quote;
    else if (sign === '>') return index + 1;
    else if (sign === '"' || sign === "'") quote = sign;
  }
  return -1;
}

/** An element that is used within itself costs without end; so does a chain of uses that is too long to follow. */
function costOf(element: Element, named: ReadonlyMap<string, Element>, depth = 0): number {
  if (element.cost !== undefined) return element.cost;
  if (depth > deepest) return Number.POSITIVE_INFINITY;
  element.cost = Number.POSITIVE_INFINITY;
  const used = element.refers.flatMap((id) => named.get(id) ?? []);
  element.cost = [...element.inside, ...used].reduce((sum, each) => sum + costOf(each, named, depth + 1), 1);
  return element.cost;
}
