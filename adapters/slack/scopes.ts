/** What the app is allowed to do, and what for: the manifest asks for the same (manifest.test.ts). */
export const scopes = {
  'app_mentions:read': 'hears its name',
  'assistant:write': 'Slack gives it to every app that is declared an agent',
  'channels:history': 'reads public channels that it is in: replies, and what was said while it was away',
  'channels:read': 'sees whether it is in a channel',
  'chat:write': 'answers, and says how a task stands',
  commands: '/commander and “Make this a task”',
  'files:read': 'fetches what people send along',
  'files:write': 'puts results into the thread',
  'groups:history': 'the same as channels:history in private channels',
  'groups:read': 'the same as channels:read in private channels',
  'im:history': 'reads what people write to it directly',
  'im:read': 'sees who writes to it directly',
  'reactions:read': 'sees ✅ and 🛑 on its cards',
  'users:read': 'calls people by their names, and sees who administers the workspace',
} as const;

export type Scope = keyof typeof scopes;

/** Those that are not among the granted ones. */
export function missingScopes(granted: readonly string[]): readonly Scope[] {
  return (Object.keys(scopes) as Scope[]).filter((scope) => !granted.includes(scope));
}

/** What to do about scopes that are missing, in a sentence; `undefined` when none is. */
export function scopeAdvice(granted: readonly string[], workspace: string): string | undefined {
  const missing = missingScopes(granted);
  if (missing.length === 0) return undefined;
  const named = missing.map((scope) => `${scope} (${scopes[scope]})`);
  return `In ${workspace} the app lacks ${missing.length === 1 ? 'the scope' : 'the scopes'} ${named.join(', ')}: add ${missing.length === 1 ? 'it' : 'them'} under OAuth & Permissions of the app, then install it again.`;
}
