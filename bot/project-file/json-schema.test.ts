import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { jsonSchema } from '#core/project-file/schema.ts';

it('the published JSON Schema is the current one (else: node bot/project-file/write-json-schema.ts && npm run format)', async () => {
  const published = await readFile(new URL('../../docs/commander.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(published)).toEqual(jsonSchema());
});
