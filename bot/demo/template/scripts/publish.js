import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const version = process.env.INPUT_VERSION;
const [, notes = ''] = (await readFile('CHANGELOG.md', 'utf8')).split(`## ${version}\n`);
const text = `Release notes of strawberry-api ${version}\n${notes.split('\n## ')[0]}`;
await writeFile(join(process.env.COMMANDER_OUTPUTS, `release-${version}.txt`), text);
console.log(`published ${version} (to nobody: this is a demo)`);
