import { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { ndJsonStream } from '@agentclientprotocol/sdk';
import { createStubAgent } from './agent.ts';
import { createReceivedLog, watchStream } from './received.ts';
import { readSettings } from './settings.ts';

/** The agent as a process over stdio; it ends when its input does. `--version` only prints the version. */
async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const onlyVersion = args.includes('--version');
  const settings = readSettings(
    args.filter((argument) => argument !== '--version'),
    process.env,
  );
  const { startFailure, startDelay, version } = settings.behaviour;
  if (onlyVersion) {
    process.stdout.write(`stub-agent ${version}\n`);
    return;
  }
  const note = createReceivedLog(settings.log);
  note({ kind: 'started', pid: process.pid, cwd: process.cwd(), args, environment: Object.keys(process.env).sort() });
  if (startFailure !== undefined) {
    process.stderr.write(`${startFailure.message}\n`);
    process.exitCode = startFailure.code;
    return;
  }
  if (startDelay > 0) await pause(startDelay);
  const stream = ndJsonStream(
    Writable.toWeb(process.stdout),
    Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>,
  );
  await createStubAgent(settings).connect(watchStream(stream, note)).closed;
  note({ kind: 'closed' });
  process.exit(0);
}

await main();
