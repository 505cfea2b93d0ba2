import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// What `npm run bench` runs: each in a process of its own, one after another, all of them whatever one says. Ends with 1 when a goal was
// missed, or one failed.
const benches = [
  'main',
  'start',
  'memory',
  'cancel',
  'worker-lost',
  'slack',
  'slack-streaming',
  'slack-whole',
  'slack-upload',
  'discord',
  'discord-streaming',
  'discord-ends',
  'discord-whole',
  'agents',
];

const missed = benches.filter((name) => {
  process.stdout.write(`\nbench/${name}.ts\n\n`);
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  return spawnSync(process.execPath, [file], { stdio: 'inherit' }).status !== 0;
});
process.stdout.write(missed.length === 0 ? '\nAll goals are met.\n' : `\nMissed, or failed: ${missed.join(', ')}\n`);
process.exitCode = missed.length === 0 ? 0 : 1;
