import type { APIApplicationCommandAutocompleteInteraction } from 'discord.js';
import type { ChatHost, Sender } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { cut } from '#core/text/cut.ts';
import { slashName, taskCommand } from './commands.ts';
import type { Home } from './home.ts';
import { optionLimit, optionTextLimit } from './limits.ts';

/** After this a menu stays empty, in milliseconds: Discord waits 3 s, and a person types on. */
const completeMs = 1500;

interface Choice {
  readonly name: string;
  readonly value: string;
}

export interface CompletionParts {
  readonly host: ChatHost;
  readonly home: Home;
  readonly log: AdapterLog;
}

/** What an option that is being typed is completed with. A menu that can not be filled stays empty: the person can still type. */
export async function completionsFor(
  { host, home, log }: CompletionParts,
  interaction: APIApplicationCommandAutocompleteInteraction,
  sender: Sender,
): Promise<readonly Choice[]> {
  const { data } = interaction;
  const focused = data.options.find((option) => 'focused' in option && option.focused === true);
  const typed = focused !== undefined && 'value' in focused ? String(focused.value) : '';
  const described = host.commands().find(({ name }) => slashName(name) === data.name);
  const kind =
    data.name === taskCommand ? 'request' : described?.options.find(({ name }) => name === focused?.name)?.kind;
  if (kind === undefined) return [];
  const late = Promise.withResolvers<readonly []>();
  const timer = setTimeout(() => late.resolve([]), completeMs);
  try {
    const complete = async () => ((await home.answers(interaction)) ? host.complete(kind, typed, sender) : []);
    const found = await Promise.race([complete(), late.promise]);
    return found
      .filter(({ value }) => value !== '' && value.length <= optionTextLimit)
      .slice(0, optionLimit)
      .map(({ value, label }) => ({ name: cut(label.trim() || value, optionTextLimit), value }));
  } catch (error) {
    log.warn({ error, command: data.name }, 'an option could not be completed; its menu stays empty');
    return [];
  } finally {
    clearTimeout(timer);
  }
}
