import { readArguments } from './arguments.ts';
import { openClient } from './chat-client.ts';
import { converse } from './converse.ts';
import { exitCodes } from './exit-codes.ts';
import { findCommander, personName } from './find-commander.ts';
import { helpText } from './help.ts';
import { logsAsked, printLogs } from './logs.ts';
import { ownTerminal } from './terminal.ts';

/** `commander WORDS…`: what a person says in chat, said from a shell. */
async function main(): Promise<number> {
  const asked = readArguments(process.argv.slice(2));
  if (asked.help) {
    process.stdout.write(`${helpText()}\n`);
    return exitCodes.done;
  }
  if (asked.words === '' && asked.files.length === 0 && asked.press === undefined) {
    process.stderr.write(`${helpText()}\n`);
    return exitCodes.notSaid;
  }
  const find = () => findCommander(asked.url, process.env);
  const logs = logsAsked(asked.words);
  if (logs !== undefined) return printLogs(find, logs, { ...asked, print: ownTerminal().print });
  const client = await openClient(find, personName(asked.as, process.env));
  return converse(client, asked, ownTerminal());
}

process.exitCode = await main().catch((error: unknown) => {
  if (!(error instanceof Error && 'code' in error)) throw error;
  process.stderr.write(`${error.message}\n`);
  return exitCodes.notSaid;
});
