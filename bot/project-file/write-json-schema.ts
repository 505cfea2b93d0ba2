/** Writes the JSON Schema of `commander.yaml` for editors: `node bot/project-file/write-json-schema.ts && npm run format`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { jsonSchema } from '#core/project-file/schema.ts';

const docs = new URL('../../docs/', import.meta.url);
await mkdir(docs, { recursive: true });
await writeFile(new URL('commander.schema.json', docs), `${JSON.stringify(jsonSchema(), null, 2)}\n`);
