import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const version = process.env.INPUT_VERSION;
const folder = process.env.COMMANDER_OUTPUTS;

const [, notes = ''] = (await readFile('CHANGELOG.md', 'utf8')).split(`\n## ${version}\n`);
const text = `Release notes of strawberry-api ${version}\n${notes.split('\n## ')[0]}`;
await writeFile(join(folder, `release-notes-${version}.txt`), text);

// The archive is plain text, one file after the other: only Node and git are sure to be here.
const sources = (await readdir('src')).sort().map((name) => `src/${name}`);
const parts = ['package.json', 'VERSION', ...sources].map(
  async (path) => `==> ${path} <==\n${await readFile(path, 'utf8')}`,
);
await writeFile(join(folder, `strawberry-api-${version}.archive.txt`), (await Promise.all(parts)).join('\n'));
console.log(`published ${version} (to nobody: this is a demo)`);
