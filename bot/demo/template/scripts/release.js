import { readFile, writeFile } from 'node:fs/promises';

// May be done again: a version that is in the changelog gets no second entry.
const version = process.env.INPUT_VERSION;
const manifest = JSON.parse(await readFile('package.json', 'utf8'));
await writeFile('package.json', `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);
await writeFile('VERSION', `${version}\n`);
const changes = await readFile('CHANGELOG.md', 'utf8');
if (!changes.includes(`\n## ${version}\n`)) {
  const entry = `# Changelog\n\n## ${version}\n\n- Released with Commander.\n`;
  await writeFile('CHANGELOG.md', changes.replace('# Changelog\n', entry));
}
console.log(`${manifest.version} -> ${version}`);
