import { join } from 'node:path';
import { destination, pino } from 'pino';
import { agentSpecs } from '#core/agents/settings.ts';
import { openDatabase } from '#db/database.ts';
import { startEmbeddedServer } from '#db/embedded/server.ts';
import { logOptions } from '#db/log.ts';
import { addProject, listProjects } from '#db/projects/projects.ts';
import { layOutHome } from '#workers/lay-out-home.ts';
import { readSettingsFile } from '#workers/settings-file.ts';
import { createDemo } from './demo/create-demo.ts';
import { lockHome } from './home-lock.ts';
import { outsidePlatforms } from './outside-platforms.ts';
import { secretKey } from './secret-key.ts';
import { readSettings } from './settings.ts';
import { startBot } from './start-bot.ts';
import { startWorkerProcess } from './worker-process.ts';

/** What is undone at the end, last begun first. */
const endings: (() => Promise<void>)[] = [];

async function main(): Promise<void> {
  const settings = await readSettings(process.env);
  const { home } = settings;
  await layOutHome(home);
  const log = pino(
    { ...logOptions, level: settings.logLevel, base: { process: 'bot', pid: process.pid } },
    destination({ dest: join(home, 'commander.log'), mode: 0o600, sync: false }),
  );
  // What Node warns of is for the log: the terminal is for people.
  process.removeAllListeners('warning').on('warning', (warning) => log.warn({ warning }, 'a warning of Node'));
  const lock = await lockHome(home);
  endings.push(() => lock.release());
  const url = settings.databaseUrl ?? (await embedded(home));
  const db = await openDatabase({ url, application: 'commander bot', role: 'bot', log });
  endings.push(() => db.close());
  if ((await listProjects(db)).length === 0) {
    const location = join(home, 'demo', 'strawberry-api');
    await createDemo(location);
    await addProject(db, { name: 'strawberry-api', kind: 'repository', location, defaultBranch: 'main' });
  }
  const startingWorker = workerEnvironment(home, url, settings.slots, settings.logLevel).then((environment) =>
    startWorkerProcess(environment, log),
  );
  const parts = { log, tell, secretKey: () => secretKey(home, settings.secretKey) };
  const startingBot = outsidePlatforms(settings, parts).then((platforms) =>
    startBot({ db, log, ...settings, platforms, tell }),
  );
  // Side by side: loading the worker takes as long as all that the bot does.
  const started = await Promise.allSettled([startingBot, startingWorker]);
  for (const each of started) if (each.status === 'fulfilled') endings.push(() => each.value.stop());
  for (const each of started) if (each.status === 'rejected') throw each.reason;
  const bot = await startingBot;
  await lock.tellAddress(localAddress(settings.listen, bot.port));
  process.stdout.write(`Commander is ready: http://localhost:${bot.port}  (data in ${home}; Ctrl-C stops it)\n`);
}

/** Where this machine reaches the bot: one that listens everywhere is reached by the loopback, too. */
function localAddress(listen: string, port: number): string {
  if (['0.0.0.0', '::', '127.0.0.1'].includes(listen)) return `http://localhost:${port}`;
  return `http://${listen.includes(':') ? `[${listen}]` : listen}:${port}`;
}

async function embedded(home: string): Promise<string> {
  const server = await startEmbeddedServer({
    dataDirectory: join(home, 'postgres'),
    onNotice: (line) => void process.stderr.write(`${line}\n`),
  });
  endings.push(() => server.stop());
  server.onExit((reason) => {
    process.stderr.write(`The database ended: ${reason}. Start Commander again; nothing that was said is lost.\n`);
    void leave(1);
  });
  return server.url;
}

/** A worker gets what it needs, with what its agents are granted, and nothing of the bot's own secrets. */
async function workerEnvironment(home: string, url: string, slots: number, level: string): Promise<NodeJS.ProcessEnv> {
  const granted = agentSpecs(await readSettingsFile(home)).flatMap(({ secrets }) => secrets);
  const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'USER', 'NODE_COMPILE_CACHE', ...granted].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    COMMANDER_HOME: home,
    DATABASE_URL: url,
    WORKER_SLOTS: String(slots),
    LOG_LEVEL: level,
  };
}

function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

let leaving = false;

async function leave(code: number): Promise<void> {
  if (leaving) return;
  leaving = true;
  for (const end of endings.reverse()) {
    await end().catch((error: unknown) => void process.stderr.write(`While stopping: ${String(error)}\n`));
  }
  process.exit(code);
}

// Ctrl-C, a service manager, a terminal that is closed.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void leave(0));
process.on('unhandledRejection', (error) => void process.stderr.write(`Unexpected: ${String(error)}\n`));

try {
  await main();
} catch (error) {
  process.stderr.write(
    `${error instanceof Error && 'code' in error ? error.message : String((error as Error).stack ?? error)}\n`,
  );
  await leave(1);
}
