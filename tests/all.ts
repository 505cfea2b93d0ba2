import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

// What `npm test` runs: the tests, and beside them the checks of the sources, whose words come at the end.

const checks = spawn('npm', ['run', '--silent', 'checks'], { stdio: ['ignore', 'pipe', 'pipe'] });
const tests = spawn('npm', ['run', '--silent', 'vitest', '--', ...process.argv.slice(2)], { stdio: 'inherit' });
const [said, complained, [checked], [tested]] = await Promise.all([
  text(checks.stdout),
  text(checks.stderr),
  once(checks, 'close'),
  once(tests, 'close'),
]);
process.stdout.write(said);
process.stderr.write(complained);
if (checked !== 0) process.stderr.write('The checks of the sources failed: types, lint or unused code.\n');
process.exitCode = checked === 0 && tested === 0 ? 0 : 1;
