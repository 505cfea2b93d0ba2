import type { MessagePort } from 'node:worker_threads';
import type { OtherTasks } from '#core/run/other-tasks.ts';
import type { JournalReply, RunJournal, StopReason, Talk } from '#core/run/run.ts';
import { RunOver } from '../journal/run-over.ts';
import type { AskMessage, ControlMessage, ReportMessage } from './messages.ts';

/** A run's end of its port. */
export interface PortJournal {
  readonly journal: RunJournal;
  readonly otherTasks: OtherTasks;
  /** Aborts with a `StopReason` when the run must stop. */
  readonly signal: AbortSignal;
  close(): void;
}

/** Speaks to the worker over the run's port. `onTalk` gets what people say and decide, each time it changes. A report that can't be answered any more is rejected with `RunOver`. */
export function openPortJournal(port: MessagePort, onTalk: (talk: Talk) => void = () => {}): PortJournal {
  const stop = new AbortController();
  const waiting = new Map<number, PromiseWithResolvers<JournalReply>>();
  const asking = new Map<number, PromiseWithResolvers<string>>();
  let last = 0;
  // Not the signal's reason: that stays the first one, and a run that is being cancelled can be lost on the way.
  let lost = false;

  function lose(): void {
    lost = true;
    end('lost');
    for (const each of waiting.values()) each.reject(new RunOver('The worker does not answer this run any more.'));
    waiting.clear();
    for (const each of asking.values()) each.reject(new RunOver('The worker does not answer this run any more.'));
    asking.clear();
  }

  function end(reason: StopReason): void {
    if (!stop.signal.aborted) stop.abort(reason);
  }

  port.on('message', (message: ControlMessage) => {
    if (message.type === 'talk') onTalk(message.talk);
    else if (message.type === 'answer') {
      const asked = asking.get(message.ask);
      asking.delete(message.ask);
      if (message.failed) asked?.reject(new Error(message.text));
      else asked?.resolve(message.text);
    } else if (message.type === 'reply') {
      waiting.get(message.id)?.resolve(message.reply);
      waiting.delete(message.id);
    } else if (message.reason === 'lost') lose();
    else end(message.reason);
  });
  port.on('close', lose);

  return {
    signal: stop.signal,
    otherTasks(request) {
      if (lost) return Promise.reject(new RunOver('This run was lost.'));
      last += 1;
      const answer = Promise.withResolvers<string>();
      asking.set(last, answer);
      port.postMessage({ ask: last, request } satisfies AskMessage);
      return answer.promise;
    },
    journal: {
      report(report) {
        if (lost) return Promise.reject(new RunOver('This run was lost.'));
        last += 1;
        const reply = Promise.withResolvers<JournalReply>();
        waiting.set(last, reply);
        port.postMessage({ id: last, report } satisfies ReportMessage);
        return reply.promise;
      },
    },
    close() {
      port.off('close', lose);
      port.close();
    },
  };
}
