import type { AdapterLog, SlackSettings } from '#core/chat/platform.ts';
import { createApi } from './api.ts';
import { checkAppToken, identify } from './connect.ts';
import { defaultPatience } from './patience.ts';
import { scopeAdvice } from './scopes.ts';

/** How Slack stands, for `npm run doctor`: which workspace, and what is missing. */
export interface SlackCheck {
  /** Absent where no workspace's own token is set, or Slack does not know it. */
  readonly name?: string;
  /** Each a sentence with the fix. */
  readonly concerns: readonly string[];
}

/** What is wrong is in the answer. */
const silent: AdapterLog = { info: () => {}, warn: () => {}, error: () => {} };

/** Looks at Slack without connecting to it: a running Commander is not disturbed. */
export async function checkSlack({ botToken, appToken, apiUrl }: SlackSettings): Promise<SlackCheck> {
  const { callMs } = defaultPatience;
  const about = { apiUrl, callMs, log: silent };
  const concerns: string[] = [];
  let name: string | undefined;
  if (botToken !== undefined) {
    const api = createApi({ token: async () => botToken, refused: async () => 'gone', apiUrl, callMs, log: silent });
    const me = await identify(api).catch((error: unknown) => void concerns.push(wordsOf(error)));
    name = me?.workspace;
    const advice = me === undefined ? undefined : scopeAdvice(me.scopes, `“${me.workspace}”`);
    if (advice !== undefined) concerns.push(advice);
  }
  if (appToken !== undefined)
    await checkAppToken(appToken, about).catch((error: unknown) => void concerns.push(wordsOf(error)));
  return { ...(name === undefined ? {} : { name }), concerns: [...new Set(concerns)] };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
