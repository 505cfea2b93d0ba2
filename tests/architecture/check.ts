import { globSync, readFileSync } from 'node:fs';
import { findViolations } from './import-rules.ts';

const files = globSync('{core,db,workers,adapters,bot}/**/*.ts', { exclude: ['bot/demo/template/**'] });
const violations = files.flatMap((file) => findViolations(file.replaceAll('\\', '/'), readFileSync(file, 'utf8')));
for (const violation of violations) process.stderr.write(`${violation}\n`);
process.stdout.write(`Imports: ${files.length} files, ${violations.length} against the table of CONTRIBUTING.md\n`);
process.exitCode = violations.length === 0 ? 0 : 1;
