import { readFile, writeFile } from 'node:fs/promises';

const version = process.env.INPUT_VERSION;
const manifest = JSON.parse(await readFile('package.json', 'utf8'));
await writeFile('package.json', `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);
await writeFile('VERSION', `${version}\n`);
const changes = await readFile('CHANGELOG.md', 'utf8');
await writeFile(
  'CHANGELOG.md',
  changes.replace('# Changelog\n', `# Changelog\n\n## ${version}\n\n- Released with Commander.\n`),
);
console.log(`${manifest.version} -> ${version}`);
