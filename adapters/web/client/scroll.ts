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

/** Keeps a list at its end while the reader is there, whatever grows in it, and keeps the line of sight when lines come in above. */
export function useScroll({ element, inner, first, newest, sent, onTop }: ScrollSubject): Scroll {
  const atEnd = useRef(true);
  const before = useRef({ height: 0, first, newest, sent });
  const [below, setBelow] = useState<'some' | 'new'>();
  const top = useRef(onTop);
  top.current = onTop;

  const toEnd = () => {
    if (element.current !== null) element.current.scrollTop = element.current.scrollHeight;
  };
  useEffect(() => {
    const list = element.current;
    const content = inner.current;
    if (list === null || content === null) return;
    const look = () => {
      const rest = list.scrollHeight - list.clientHeight - list.scrollTop;
      atEnd.current = rest < nearEnd;
      setBelow((now) => (rest < nearEnd ? undefined : (now ?? (rest > farFromEnd ? 'some' : undefined))));
      if (list.scrollTop < nearTop) top.current?.();
    };
    const keep = () => {
      if (atEnd.current) toEnd();
    };
    return watchList(list, content, look, keep);
  }, []);

  useLayoutEffect(() => {
    const list = element.current;
    if (list === null) return;
    const last = before.current;
    if (atEnd.current || (sent !== undefined && sent !== last.sent)) toEnd();
    else if (last.first !== first) list.scrollTop += list.scrollHeight - last.height;
    else if (last.newest !== newest) setBelow('new');
    before.current = { height: list.scrollHeight, first, newest, sent };
  }, [newest, first, sent]);

  // A first page that does not fill the window has no scrolling that could ask for more.
  useEffect(() => {
    const list = element.current;
    if (list !== null && first !== undefined && list.scrollHeight <= list.clientHeight + nearTop) top.current?.();
  }, [first]);

  return { below, toEnd };
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
