import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface ScrollSubject {
  readonly element: { readonly current: HTMLElement | null };
  readonly inner: { readonly current: HTMLElement | null };
  /** The first message: another one when older messages come in above. */
  readonly first: string | undefined;
  /** The last message. */
  readonly newest: string | undefined;
  /** What the reader sent last and is still on its way: when it changes, the list goes to its end in any case. */
  readonly sent: string | undefined;
  readonly onTop: (() => void) | undefined;
}

interface Scroll {
  /** Whether the end is out of sight, and whether something new came there. */
  readonly below: 'some' | 'new' | undefined;
  toEnd(): void;
}

/** So near (px) to the end counts as being there. */
const nearEnd = 48;
/** So near (px) to the top asks for older messages. */
const nearTop = 300;
/** Further (px) from the end, a way back is offered. */
const farFromEnd = 400;

/** Where the reader is: at the end, or at a message that stands so far (px) below the upper edge. */
type Spot = 'end' | { readonly message: Element; readonly top: number };

/**
 * Keeps a list at its end while the reader is there, whatever grows in it; elsewhere the message that is being read stays
 * where it is, whatever comes or grows above. (Not every browser does that by itself, so the style turns that off.)
 */
export function useScroll({ element, inner, first, newest, sent, onTop }: ScrollSubject): Scroll {
  const spot = useRef<Spot>('end');
  const before = useRef({ newest, sent });
  const [below, setBelow] = useState<'some' | 'new'>();
  const top = useRef(onTop);
  top.current = onTop;

  const toEnd = () => {
    if (element.current !== null) element.current.scrollTop = element.current.scrollHeight;
  };
  useEffect(() => {
    const list = element.current;
    if (list === null || inner.current === null) return;
    const look = () => {
      spot.current = spotOf(list) ?? spot.current;
      const rest = restBelow(list);
      setBelow((now) => (rest < nearEnd ? undefined : (now ?? (rest > farFromEnd ? 'some' : undefined))));
      if (list.scrollTop < nearTop) top.current?.();
    };
    return watchList(list, inner.current, look, () => hold(list, spot.current));
  }, []);

  useLayoutEffect(() => {
    const list = element.current;
    if (list === null) return;
    const last = before.current;
    before.current = { newest, sent };
    if (sent !== undefined && sent !== last.sent) spot.current = 'end';
    hold(list, spot.current);
    if (spot.current !== 'end' && last.newest !== newest) setBelow('new');
  }, [newest, first, sent]);

  // A first page that does not fill the window has no scrolling that could ask for more.
  useEffect(() => {
    const list = element.current;
    if (list !== null && first !== undefined && list.scrollHeight <= list.clientHeight + nearTop) top.current?.();
  }, [first]);

  return { below, toEnd };
}

/** Puts the list back to where the reader is. */
function hold(list: HTMLElement, spot: Spot): void {
  if (spot === 'end') list.scrollTop = list.scrollHeight;
  else if (spot.message.isConnected) list.scrollTop += topWithin(list, spot.message) - spot.top;
}

/** Where the reader is now; `undefined` when no message is at the upper edge. */
function spotOf(list: HTMLElement): Spot | undefined {
  if (restBelow(list) < nearEnd) return 'end';
  const { left, top, width } = list.getBoundingClientRect();
  for (const depth of [4, 40, 80]) {
    const message = document.elementFromPoint(left + width / 2, top + depth)?.closest('.message');
    if (message && list.contains(message)) return { message, top: topWithin(list, message) };
  }
  return undefined;
}

function topWithin(list: HTMLElement, message: Element): number {
  return message.getBoundingClientRect().top - list.getBoundingClientRect().top;
}

function restBelow(list: HTMLElement): number {
  return list.scrollHeight - list.clientHeight - list.scrollTop;
}

/** Calls `scrolled` and `sized` when the list is scrolled, or it or its content changes size, until the returned function is called. */
function watchList(list: HTMLElement, content: HTMLElement, scrolled: () => void, sized: () => void): () => void {
  const observer = new ResizeObserver(sized);
  observer.observe(content);
  observer.observe(list);
  list.addEventListener('scroll', scrolled, { passive: true });
  return () => {
    observer.disconnect();
    list.removeEventListener('scroll', scrolled);
  };
}
