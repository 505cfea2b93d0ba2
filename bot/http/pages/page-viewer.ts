import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Viewer } from '#core/policy/visibility.ts';

/** The keys that a browser was given. */
const cookie = 'commander_page_keys';

/** Threads whose pages a browser opens without their links; the newest stay. 37 characters each, of 4096 that a cookie has. */
const keptKeys = 50;

/**
 * Who reads a page. Pages know nobody: what was asked for in public is there for all who reach them, the rest for who has its
 * key, which is part of the links that Commander gives. The browser keeps it, so that pages lead on to each other.
 */
export function pageViewer(context: Context): Viewer {
  const given = context.req.query('key') ?? '';
  const kept = (getCookie(context, cookie) ?? '').split('.').filter(isKey);
  if (!isKey(given)) return { as: 'page', keys: kept };
  const keys = [given, ...kept.filter((each) => each !== given)].slice(0, keptKeys);
  setCookie(context, cookie, keys.join('.'), { httpOnly: true, sameSite: 'Strict', path: '/' });
  return { as: 'page', keys };
}

function isKey(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
