import { type AgentSettings, type AgentSpec, agentSpecs } from '#core/agents/settings.ts';
import { commandPath } from '../process/environment.ts';
import { preflight } from '../process/preflight.ts';

/** The agents that this machine can start: the settings' choice first, then those that they name, then those that are installed. */
export function findAgents(settings: AgentSettings, path = process.env.PATH ?? ''): readonly AgentSpec[] {
  const found = agentSpecs(settings).filter(({ command }) => 'path' in preflight(command, '/', commandPath(path)));
  const first = found.find(({ id }) => id === settings.agent);
  return first === undefined ? found : [first, ...found.filter((each) => each !== first)];
}
