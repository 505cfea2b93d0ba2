import type { ClientContext, SessionConfigOption, SessionModeState, SessionUpdate } from '@agentclientprotocol/sdk';
import { type AgentSpec, startOf } from '#core/agents/settings.ts';

/** What an agent offers to choose in a session. */
export interface Offered {
  readonly modes?: SessionModeState | null;
  readonly configOptions?: readonly SessionConfigOption[] | null;
}

/** The settings want of an agent what it does not offer. */
export class NotOffered extends Error {
  readonly code = 'not_offered';
}

export interface ChoiceRequest {
  readonly spec: AgentSpec;
  readonly sessionId: string;
  readonly offered: Offered;
}

/**
 * Sets mode, model and other options of a session as the settings want them. The model first: what else there is may depend on
 * it. An agent that offers no choice of models has got it by its arguments or its environment. @throws NotOffered
 */
export async function chooseOptions(agent: ClientContext, { spec, sessionId, offered }: ChoiceRequest): Promise<void> {
  let options = offered.configOptions ?? [];
  const { name, model, mode, options: wanted } = spec;

  async function set(option: SessionConfigOption, to: string | boolean): Promise<void> {
    const value = choiceOf(option, to, name);
    if (value === option.currentValue) return;
    const change = typeof value === 'boolean' ? { type: 'boolean' as const, value } : { value };
    options = (await agent.request('session/set_config_option', { sessionId, configId: option.id, ...change }))
      .configOptions;
  }

  if (model !== undefined) {
    const option = byCategory(options, 'model');
    if (option !== undefined) await set(option, model);
    else if (!startOf(spec).modelAtStart)
      throw new NotOffered(
        `${name} offers no choice of models. Take \`model\` out of the settings, or hand {{model}} to it in its \`args\`.`,
      );
  }
  if (mode !== undefined)
    await setMode(agent, { spec, sessionId, offered: { ...offered, configOptions: options } }, set);
  for (const [id, to] of Object.entries(wanted)) {
    const option = options.find((each) => each.id === id);
    if (option === undefined)
      throw new NotOffered(`${name} has no option “${id}”; it has ${listed(options.map((each) => each.id))}.`);
    await set(option, to);
  }
}

/** By the session's modes, or by the option that newer agents have for them. */
async function setMode(
  agent: ClientContext,
  { spec: { name, mode = '' }, sessionId, offered }: ChoiceRequest,
  set: (option: SessionConfigOption, to: string) => Promise<void>,
): Promise<void> {
  const option = byCategory(offered.configOptions ?? [], 'mode');
  if (offered.modes == null && option !== undefined) return set(option, mode);
  const ids = offered.modes?.availableModes.map(({ id }) => id) ?? [];
  if (!ids.includes(mode)) throw new NotOffered(`${name} has no mode “${mode}”; it has ${listed(ids)}.`);
  if (offered.modes?.currentModeId !== mode) await agent.request('session/set_mode', { sessionId, modeId: mode });
}

/** Modes in which agents change nothing, as they call them. */
const lookingModes: readonly string[] = ['plan', 'ask', 'read-only', 'architect'];

/** What an agent says of the mode that its session is in now; `undefined`: nothing. */
function modeIn(update: SessionUpdate): string | undefined {
  if (update.sessionUpdate === 'current_mode_update') return update.currentModeId;
  if (update.sessionUpdate !== 'config_option_update') return undefined;
  const value = byCategory(update.configOptions, 'mode')?.currentValue;
  return typeof value === 'string' ? value : undefined;
}

/**
 * Whether an agent left the mode in which it asks before it acts for one that nobody chose. The mode of the settings is somebody's
 * choice, and in one that only looks it does nothing.
 */
export function leavesAsking({ asksIn, mode }: AgentSpec, update: SessionUpdate): boolean {
  const now = modeIn(update);
  return asksIn !== undefined && now !== undefined && ![asksIn, mode, ...lookingModes].includes(now);
}

/** Has it ask again, by the way in which it said that it left. */
export async function askAgain(
  agent: ClientContext,
  { spec: { asksIn = '' }, sessionId }: Pick<ChoiceRequest, 'spec' | 'sessionId'>,
  update: SessionUpdate,
): Promise<void> {
  if (update.sessionUpdate === 'config_option_update') {
    const configId = byCategory(update.configOptions, 'mode')?.id ?? 'mode';
    await agent.request('session/set_config_option', { sessionId, configId, value: asksIn });
  } else await agent.request('session/set_mode', { sessionId, modeId: asksIn });
}

/** Has the agent look and do nothing in this session, as far as it offers such a mode; what it asks for is refused in any case. */
export async function onlyLook(
  agent: ClientContext,
  sessionId: string,
  { modes, configOptions }: Offered,
): Promise<void> {
  const ids = modes?.availableModes.map(({ id }) => id) ?? [];
  const modeId = lookingModes.find((each) => ids.includes(each));
  if (modeId !== undefined) {
    await agent.request('session/set_mode', { sessionId, modeId });
    return;
  }
  const option = byCategory(configOptions ?? [], 'mode');
  if (option?.type !== 'select') return;
  const values = option.options
    .flatMap((each) => ('options' in each ? each.options : [each]))
    .map(({ value }) => value);
  const value = lookingModes.find((each) => values.includes(each));
  if (value !== undefined) await agent.request('session/set_config_option', { sessionId, configId: option.id, value });
}

function byCategory(options: readonly SessionConfigOption[], category: string): SessionConfigOption | undefined {
  return options.find((each) => each.category === category) ?? options.find((each) => each.id === category);
}

/** A value by its id, or by the name that people see. */
function choiceOf(option: SessionConfigOption, wanted: string | boolean, agentName: string): string | boolean {
  if (option.type === 'boolean') {
    if (String(wanted) === 'true' || String(wanted) === 'false') return String(wanted) === 'true';
    throw new NotOffered(`${agentName}: “${option.id}” must be true or false.`);
  }
  const choices = option.options.flatMap((each) => ('options' in each ? each.options : [each]));
  const like = String(wanted).toLowerCase();
  const found =
    choices.find(({ value }) => value === wanted) ??
    choices.find(({ value, name }) => [value, name].some((each) => each.toLowerCase() === like));
  if (found !== undefined) return found.value;
  throw new NotOffered(
    `${agentName} has no ${option.id} “${wanted}”; it has ${listed(choices.map(({ value }) => value))}.`,
  );
}

const mostListed = 12;

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const more = names.length > mostListed ? ' …' : '';
  return `${names.slice(0, mostListed).join(', ')}${more}`;
}
