import { setTimeout as pause } from 'node:timers/promises';
import { installedBinaries, usableBinaries } from './binaries.ts';
import { connectOnce, databaseName, ensureDatabase, prepareCluster, superuser } from './cluster.ts';
import { type Files, filesIn, prepareFiles } from './files.ts';
import { launch } from './launch.ts';
import { openServerLog, type ServerLog } from './log.ts';
import { choosePort } from './port.ts';
import { EmbeddedServerError, explainFailure, explainFileError } from './problem.ts';
import { endServer, type ServerProcess } from './process.ts';
import { findRunning, forgetSockets, type RunningServer, watchEnd } from './running.ts';
import { serverSettings } from './settings.ts';
import { databaseUser, demandReachable } from './user.ts';

export { EmbeddedServerError } from './problem.ts';
export { reachableByDatabaseUser } from './user.ts';

/** Commander's own Postgres, on this machine only. */
export interface EmbeddedServer {
  /** postgres://… of the database "commander", with its password; 127.0.0.1 only. */
  readonly url: string;
  /** It ran already, left behind by a Commander that was killed. */
  readonly adopted: boolean;
  /** Orderly shutdown, adopted or not; resolves when the server is gone, within 13 s at worst. May be called again. */
  stop(): Promise<void>;
  /** Calls back, once, when the server ends without `stop`; also when it had ended before. */
  onExit(listener: (reason: string) => void): void;
}

export interface EmbeddedServerOptions {
  /** Holds the data, password, socket and log; made when missing. Whoever calls makes sure that only one process does. */
  readonly dataDirectory: string;
  /** Told, in a sentence each, what a person who waits would like to know. */
  readonly onNotice?: (line: string) => void;
  /** Postgres settings in place of ours; tests give up safety for speed with them. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Milliseconds that remains of an earlier server (being stopped, killed) get to go away. */
const remainsLimit = 10_000;

/**
 * Starts the embedded Postgres, sets it up first when need be, and adopts one that runs on this data already. On Linux it
 * ends with the thread that calls this, even if that is killed, so call it from the main thread.
 * @throws EmbeddedServerError
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const files = filesIn(options.dataDirectory);
  try {
    return await start(files, options);
  } catch (error) {
    throw explainFileError(error, files.root);
  }
}

async function start(files: Files, options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const { onNotice = () => undefined, settings = {} } = options;
  const user = await databaseUser(files.data);
  await demandReachable(files.root, user);
  await prepareFiles(files, user);
  const binaries = await usableBinaries(await installedBinaries(), files.binaries, user);
  const password = await prepareCluster(files, binaries, user, onNotice);
  const log = openServerLog(files.log, onNotice);
  const launchAt = (port: number) => {
    const all = serverSettings(files, port, settings);
    return launch({ postgres: binaries.postgres, data: files.data, port, settings: all, user, log, onNotice });
  };
  try {
    const { server, adopted } = await obtainServer(files, password, log, launchAt);
    if (adopted) onNotice('The embedded Postgres still ran from before; it is used as it is.');
    return await open(server, urlOf(password, server.port), adopted, log);
  } catch (error) {
    log.close();
    throw error;
  }
}

type Launch = (port: number) => Promise<ServerProcess | undefined>;

/** Starts a server, or takes the one that runs; a previous one that is just ending is waited for. */
async function obtainServer(files: Files, password: string, log: ServerLog, launchAt: Launch) {
  const deadline = Date.now() + remainsLimit;
  for (;;) {
    const running = await findRunning(files.data);
    if (running && (await answers(urlOf(password, running.port)))) {
      return { server: { ...running, ended: watchEnd(running, files.data) }, adopted: true };
    }
    if (!running) await forgetSockets(files.sockets);
    const server = running ? undefined : await launchAt(await choosePort(files));
    if (server) return { server, adopted: false };
    if (Date.now() > deadline) throw running ? stuck(running, files) : failedStart(log, files);
    if (!running && !mayPass(log.tail())) throw failedStart(log, files);
    await pause(50);
  }
}

async function open(server: ServerProcess, url: string, adopted: boolean, log: ServerLog): Promise<EmbeddedServer> {
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= endServer(server).then(() => log.close());
    return stopping;
  };
  try {
    await ensureDatabase(url);
  } catch (error) {
    await endServer(server);
    throw error;
  }
  const onExit = (listener: (reason: string) => void) =>
    void server.ended.then((reason) => {
      if (!stopping) listener([reason, ...log.tail().slice(-3)].join('\n'));
    });
  return { url, adopted, stop, onExit };
}

function urlOf(password: string, port: number): string {
  return `postgres://${superuser}:${password}@127.0.0.1:${port}/${databaseName}`;
}

/** Whether the server takes our password; one without our database yet does, too. */
async function answers(url: string): Promise<boolean> {
  return connectOnce(url).then(
    () => true,
    (error: { code?: string }) => error.code === '3D000',
  );
}

/** Whether the last failure goes away by itself: a port taken meanwhile, processes of a killed server still ending. */
function mayPass(lines: readonly string[]): boolean {
  const transient =
    /Address already in use|lock file "postmaster\.pid" already exists|pre-existing shared memory block/;
  return transient.test(lines.slice(-8).join('\n'));
}

function failedStart(log: ServerLog, files: Files): EmbeddedServerError {
  return explainFailure('The embedded Postgres did not start', log.tail(), files.data);
}

function stuck({ pid, port }: RunningServer, files: Files): EmbeddedServerError {
  return new EmbeddedServerError(
    'already_running',
    `A Postgres server (process ${pid}) already runs on ${files.data} but does not answer on 127.0.0.1:${port} with the ` +
      `password in ${files.password}. Stop it (kill -INT ${pid}) and start Commander again.`,
  );
}
