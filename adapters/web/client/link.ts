import { html } from 'htm/preact';
import type { ComponentChild, ComponentChildren } from 'preact';
import { placeOf } from './place.ts';
import { go } from './session.ts';

/**
 * A link that a card gives. Chat places open here; Commander's other pages and the web open beside the chat. What is neither
 * http(s) nor a path of this site (`javascript:`, `//elsewhere`) is shown as text.
 */
export function OwnLink({
  href,
  look,
  children,
}: {
  href: string;
  look?: string;
  children?: ComponentChildren;
}): ComponentChild {
  const target = targetOf(href);
  if (target === undefined) return html`<span class=${look}>${children}</span>`;
  const { channel, thread } = placeOf(target.pathname);
  const here = target.origin === location.origin && channel !== undefined;
  const follow = (event: MouseEvent) => {
    if (!here || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(channel, thread);
  };
  return html`<a
    class=${look}
    href=${target.href}
    target=${here ? undefined : '_blank'}
    rel="noopener noreferrer"
    onClick=${follow}
    >${children}</a
  >`;
}

/** Where a link may lead; `undefined` when it may not be one. */
export function targetOf(href: string): URL | undefined {
  const own = href.startsWith('/') && !/^\/[/\\]/.test(href);
  if (!own && !/^https?:\/\//i.test(href)) return undefined;
  return URL.parse(href, location.origin) ?? undefined;
}
