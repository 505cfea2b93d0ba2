import { type APIModalSubmitInteraction, ComponentType } from 'discord.js';
import type { IncomingFile } from '#core/chat/adapter.ts';
import { commandFile } from './files.ts';

/** What a person filled into a form, by field: chosen options one a line, files apart. */
export function filledIn({ data }: APIModalSubmitInteraction) {
  const values: Record<string, string> = {};
  const files: Record<string, IncomingFile[]> = {};
  for (const place of data.components) {
    const field = place.type === ComponentType.Label ? place.component : undefined;
    if (field === undefined) continue;
    if (field.type === ComponentType.FileUpload)
      files[field.custom_id] = field.values.flatMap((id) => {
        const file = data.resolved?.attachments?.[id];
        return file === undefined ? [] : [commandFile(file)];
      });
    else if ('values' in field) values[field.custom_id] = field.values.join('\n');
    else if ('value' in field) values[field.custom_id] = String(field.value);
  }
  return { values, files };
}
