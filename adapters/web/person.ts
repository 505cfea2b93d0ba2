import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { ChatPerson, ChatStore } from '#core/chat/chat-store.ts';
import { personName } from './api/schemas.ts';
import { Refusal } from './refusal.ts';

const cookie = 'commander_person';

/** 400 days, in seconds: the longest that browsers keep a cookie (RFC 6265bis). */
const cookieAge = 400 * 24 * 3600;

/** Who sends a request, by its header or cookie; `undefined` when it does not say. There are no accounts. */
export async function personOf(context: Context, store: ChatStore): Promise<ChatPerson | undefined> {
  const said = context.req.header('commander-person') ?? getCookie(context, cookie);
  const name = personName.safeParse(decoded(said ?? ''));
  return name.success ? store.person(name.data) : undefined;
}

/** @throws Refusal when the request does not say who sends it. */
export async function knownPerson(context: Context, store: ChatStore): Promise<ChatPerson> {
  const person = await personOf(context, store);
  if (person !== undefined) return person;
  throw new Refusal(401, 'who_are_you', 'Say who you are first: POST /api/chat/me, or the header Commander-Person.');
}

/** Lets the browser say that name from now on. */
export function rememberPerson(context: Context, { name }: ChatPerson): void {
  const rules = { httpOnly: true, sameSite: 'Strict', path: '/', maxAge: cookieAge } as const;
  setCookie(context, cookie, encodeURIComponent(name), rules);
}

/** A header holds bytes of Latin-1 only, so names of other letters come percent-encoded; a lone `%` is a sign like any other. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
