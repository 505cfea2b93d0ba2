import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { InstallationStore } from '#core/chat/installations.ts';
import type { AdapterLog, SlackInstalling } from '#core/chat/platform.ts';
import { isPassing, slackError } from './failures.ts';
import { type Exchange, type Installed, WholeOrganisation } from './oauth.ts';
import { scopeAdvice, scopes } from './scopes.ts';
import { escapeText } from './text.ts';
import type { Workspaces } from './workspaces.ts';

export interface InstallParts {
  readonly installing: SlackInstalling;
  readonly installations: InstallationStore;
  readonly workspaces: Workspaces;
  readonly exchange: Exchange;
  /** Commander's address for people, no slash at the end: Slack leads back to it. */
  readonly address: string;
  readonly log: AdapterLog;
  readonly tell: (sentence: string) => void;
}

/** Where a person begins, and where Slack leads back to. */
export const installPath = '/slack/install';
export const callbackPath = '/slack/oauth_redirect';

/** Time from the page to Slack's answer, in milliseconds. */
const stateMs = 10 * 60_000;

const cookieName = 'commander_slack_install';

interface Page {
  readonly status: number;
  readonly title: string;
  /** Plain sentences. */
  readonly text: readonly string[];
  readonly link?: { readonly href: string; readonly words: string };
  readonly cookie?: string;
}

/**
 * The pages by which a workspace adds Commander. A beginning is good once, for ten minutes, and only in the browser that began
 * it; `undefined` for a request that is about something else.
 */
export function createInstallPages(parts: InstallParts) {
  return async (request: Request): Promise<Response | undefined> => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== installPath && pathname !== callbackPath) return undefined;
    if (request.method !== 'GET') return new Response('This page is only read.', { status: 405 });
    const page =
      pathname === installPath ? await begin(parts) : await end(parts, searchParams, request.headers.get('cookie'));
    return draw(page);
  };
}

async function begin({ installing, installations, address }: InstallParts): Promise<Page> {
  const state = randomBytes(32).toString('base64url');
  await installations.begin(state, stateMs);
  const asked = new URL(installing.authorizeUrl ?? 'https://slack.com/oauth/v2/authorize');
  asked.searchParams.set('client_id', installing.clientId);
  asked.searchParams.set('scope', Object.keys(scopes).join(','));
  asked.searchParams.set('redirect_uri', `${address}${callbackPath}`);
  asked.searchParams.set('state', state);
  return {
    status: 200,
    title: 'Add Commander to Slack',
    text: [
      'Slack asks which workspace, and shows what Commander may do there.',
      'Who administers that workspace becomes an admin of Commander.',
    ],
    link: { href: asked.href, words: 'Go on at Slack' },
    cookie: cookieOf(address, state, stateMs / 1000),
  };
}

async function end(parts: InstallParts, query: URLSearchParams, cookies: string | null): Promise<Page> {
  const { installations, exchange, address, log } = parts;
  const state = query.get('state') ?? '';
  const began = isSame(state, readCookie(cookies)) && (await installations.end(state));
  if (!began) return refusedPage(400, 'This page was not begun in this browser, was used already, or is too old.');
  if (query.get('error') !== null) return refusedPage(200, 'You did not agree at Slack.');
  try {
    return await decide(parts, await exchange.install(query.get('code') ?? '', `${address}${callbackPath}`));
  } catch (error) {
    const reason = slackError(error);
    const isAway = isPassing(error);
    if (!(error instanceof WholeOrganisation) && reason === undefined && !isAway) throw error;
    log.warn({ error }, 'an installation failed');
    if (isAway) return refusedPage(502, 'Slack does not answer just now.');
    return refusedPage(400, error instanceof WholeOrganisation ? error.message : wordsOf(reason ?? ''));
  }
}

async function decide(parts: InstallParts, { installation, scopes: granted }: Installed): Promise<Page> {
  const { installing, workspaces, exchange, log, tell } = parts;
  const { place, name, token } = installation;
  if (installing.workspaces !== 'any' && !installing.workspaces.includes(place)) {
    await exchange.revoke(token);
    log.warn({ workspace: name, id: place }, 'a workspace that may not was about to add Commander');
    return refusedPage(
      403,
      `The workspace “${name}” may not: whoever runs Commander adds ${place} to SLACK_WORKSPACES.`,
    );
  }
  await workspaces.add(installation);
  const advice = scopeAdvice(granted, `“${name}”`);
  log.info({ workspace: name }, 'a workspace added Commander');
  tell(`The Slack workspace “${name}” added Commander.${advice === undefined ? '' : ` ${advice}`}`);
  return {
    status: 200,
    title: `Commander is in ${name}`,
    text: ['In a channel say “/invite @Commander”, then “@Commander help”.', ...(advice === undefined ? [] : [advice])],
    cookie: cookieOf(parts.address, '', 0),
  };
}

function wordsOf(reason: string): string {
  const known: Readonly<Record<string, string>> = {
    invalid_code: 'Slack does not know this code: it was used already, or is older than ten minutes.',
    code_already_used: 'Slack does not know this code: it was used already.',
    bad_client_secret: 'Whoever runs Commander has to copy SLACK_CLIENT_SECRET from Basic Information again.',
    invalid_client_id: 'Whoever runs Commander has to copy SLACK_CLIENT_ID from Basic Information again.',
    bad_redirect_uri: `The app has to list ${callbackPath} of Commander’s address among its redirect URLs.`,
  };
  return known[reason] ?? `Slack says: ${reason}.`;
}

function refusedPage(status: number, why: string): Page {
  return {
    status,
    title: 'Commander was not added',
    text: [why, 'Nothing was changed.'],
    link: { href: installPath, words: 'Begin again' },
  };
}

/** The cookie ties the way back to the browser that began: nobody can be led to finish somebody else's installation. */
function cookieOf(address: string, value: string, seconds: number): string {
  const secure = address.startsWith('https:') ? '; Secure' : '';
  return `${cookieName}=${value}; Path=/slack; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

function readCookie(cookies: string | null): string {
  const found = (cookies ?? '').split(/;\s*/).find((each) => each.startsWith(`${cookieName}=`));
  return found?.slice(cookieName.length + 1) ?? '';
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length > 0 && a.length === b.length && timingSafeEqual(a, b);
}

function draw({ status, title, text, link, cookie }: Page): Response {
  const safe = (words: string) => escapeText(words).replaceAll('"', '&quot;');
  const paragraphs = text.map((sentence) => `<p>${safe(sentence)}</p>`).join('\n');
  const further = link === undefined ? '' : `<p><a href="${safe(link.href)}">${safe(link.words)}</a></p>`;
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${safe(title)}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark}</style>
</head><body><h1>${safe(title)}</h1>
${paragraphs}
${further}
</body></html>`;
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      ...(cookie === undefined ? {} : { 'set-cookie': cookie }),
    },
  });
}
