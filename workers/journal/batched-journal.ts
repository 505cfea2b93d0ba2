import type { JournalReply, RunJournal } from '#core/run/run.ts';
import { outputActionText } from '#core/task/parts.ts';
import type { Action } from '#core/task/state.ts';

/** Writes of one run's actions are at least this far apart, in milliseconds: a thread shows them no faster. */
const intervalMs = 200;

/** Actions of one write: more in so short a time are not read by anybody. The newest are kept. */
const mostActions = 20;

/**
 * A journal that writes actions together, and everything else at once and in order: what was done before is written before.
 * Each report's promise settles when its own write did.
 */
export function batchActions(journal: RunJournal): RunJournal {
  let pending: Batch | undefined;
  let writes: Promise<unknown> = Promise.resolve();
  let written = 0;

  function write(report: Parameters<RunJournal['report']>[0]): Promise<JournalReply> {
    const turn = writes.then(() => journal.report(report));
    writes = turn.catch(() => undefined);
    return turn;
  }

  function flush(): void {
    if (pending === undefined) return;
    const { actions, reply, timer } = pending;
    pending = undefined;
    clearTimeout(timer);
    written = performance.now();
    write({ type: 'actions', actions }).then(reply.resolve, reply.reject);
  }

  return {
    report(report) {
      if (report.type !== 'actions') {
        flush();
        return write(report);
      }
      if (pending === undefined) {
        const wait = Math.max(0, written + intervalMs - performance.now());
        pending = { actions: [], reply: Promise.withResolvers(), timer: setTimeout(flush, wait) };
      }
      pending.actions = fold([...pending.actions, ...report.actions]);
      return pending.reply.promise;
    },
  };
}

interface Batch {
  actions: readonly Action[];
  readonly reply: PromiseWithResolvers<JournalReply>;
  readonly timer: NodeJS.Timeout;
}

/** A newer line of output takes the place of the one just before it, as it does in the thread. */
function fold(actions: readonly Action[]): readonly Action[] {
  return actions.filter((action, index) => !(isOutput(action) && isOutput(actions[index + 1]))).slice(-mostActions);
}

function isOutput(action: Action | undefined): boolean {
  return action?.text === outputActionText;
}
