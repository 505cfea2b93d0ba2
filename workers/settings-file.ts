import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkSettings, type SettingsFile } from '#core/settings/settings-file.ts';
import { readChecked } from './yaml/read-checked.ts';

/** The operator's settings file in the data directory. */
const fileName = 'settings.yaml';

/** The settings file can't be used; the message says where and what to write. */
export class BadSettingsFile extends Error {
  readonly code = 'bad_settings_file';
}

/** Reads the settings file of a data directory; every setting is absent when there is no file. @throws BadSettingsFile */
export async function readSettingsFile(home: string): Promise<SettingsFile> {
  const path = join(home, fileName);
  const read = readChecked(await textOf(path), checkSettings);
  if (read.ok) return read.settings;
  const problems = read.problems.map((problem) => `\n  ${problem}`).join('');
  throw new BadSettingsFile(`The settings in ${path} can not be used:${problems}`);
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
