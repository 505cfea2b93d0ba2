import { pino } from 'pino';
import { openDatabase } from '#db/database.ts';
import { logOptions } from '#db/log.ts';
import { findAgents } from './agents/find-agents.ts';
import { layOutHome } from './lay-out-home.ts';
import { sweepLeftovers } from './leftovers.ts';
import { readSettings } from './settings.ts';
import { startWorker } from './start-worker.ts';

// The process entry of a worker. A parent that forks it gets the message 'ready', and takes it along when it goes.
const settings = await readSettings(process.env);
await layOutHome(settings.home);
const log = pino({ ...logOptions, level: settings.logLevel, base: { process: 'worker', pid: process.pid } });
const db = await openDatabase({ url: settings.databaseUrl, application: 'commander worker', role: 'worker', log });
await sweepLeftovers(db, log);
const agents = findAgents(settings.agents);
const { policy, budgets } = settings.agents;
const { home, slots, memoryBytes } = settings;
const worker = await startWorker({ db, home, slots, memoryBytes, agents, policy, budgets, log });

let leaving = false;

/** The first request ends runs in order, a second one at once. */
function leave(): void {
  if (leaving) {
    leaveAtOnce();
    return;
  }
  leaving = true;
  log.info({}, 'stopping: runs are ended and go back to the queue');
  worker
    .stop()
    .then(() => db.close())
    .then(exit, fail);
}

function leaveAtOnce(): void {
  worker.stopAtOnce().then(exit, fail);
}

function exit(): void {
  process.exit(0);
}

function fail(error: unknown): void {
  log.error({ error }, 'could not stop in order');
  process.exit(1);
}

process.on('SIGTERM', leave);
// Ctrl-C reaches every process of a terminal; with a parent it is the parent who says when to stop.
process.on('SIGINT', () => {
  if (process.send === undefined) leave();
});
// A parent that died takes the database with it or comes back as somebody new: either way these runs are over.
process.on('disconnect', leaveAtOnce);
process.send?.('ready');
log.info({ slots }, 'worker ready');
