import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { type AgentSettings, agentSettings } from '#core/agents/settings.ts';

/** The operator's settings file in the data directory. */
export const settingsFile = 'settings.yaml';

/** The settings file can't be used; the message says where and what to write. */
export class BadSettingsFile extends Error {
  readonly code = 'bad_settings_file';
}

/** Reads what the operator says about agents; nothing when there is no file. @throws BadSettingsFile */
export async function readAgentSettings(home: string): Promise<AgentSettings> {
  const path = join(home, settingsFile);
  const document = parseDocument(await textOf(path), { schema: 'core', prettyErrors: true });
  const [fault] = document.errors;
  if (fault !== undefined) throw new BadSettingsFile(`${path} is no YAML: ${fault.message}`);
  const parsed = agentSettings.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: at, message }) => `${at.join('.') || 'the file'}: ${message}`);
  throw new BadSettingsFile(`${path} can not be used. ${problems.join('; ')}.`);
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
