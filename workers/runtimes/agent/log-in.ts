import type { AuthMethod, ClientContext } from '@agentclientprotocol/sdk';
import type { AgentSpec } from '#core/agents/settings.ts';

/**
 * Has an agent that wants a login take the key that it was granted: some look at their variables only when they are told to.
 * False when it offers no such way, or has no key.
 */
export async function logInByKey(
  agent: ClientContext,
  { keyMethods, secrets, env }: AgentSpec,
  offered: readonly AuthMethod[] | null | undefined,
): Promise<boolean> {
  const keys = secrets.filter((name) => (env[name] ?? process.env[name] ?? '') !== '');
  const method = keyMethods.find(
    ({ id, variable }) => keys.includes(variable) && offered?.some((each) => each.id === id),
  );
  if (method === undefined) return false;
  await agent.request('authenticate', { methodId: method.id });
  return true;
}
