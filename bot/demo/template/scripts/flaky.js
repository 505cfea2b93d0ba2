import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

// Fails twice the way a busy service does (exit code 75 is "try again later"), then works.
const counter = join(process.env.HOME, `flaky-${process.env.COMMANDER_TASK}`);
const attempt = Number(await readFile(counter, 'utf8').catch(() => '0')) + 1;
await writeFile(counter, String(attempt));
if (attempt % 3 !== 0) {
  console.error('the strawberry registry is busy (503), please try again');
  process.exit(75);
}
console.log('the registry answered');
