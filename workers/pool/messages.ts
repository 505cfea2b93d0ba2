import type { JournalReply, RunInput, StopReason, Talk } from '#core/run/run.ts';
import type { RunReport } from '#core/task/commands.ts';

/** What a run's thread gets to start it. */
export interface RunOrder<Port> {
  readonly input: RunInput;
  /** Reports go out and replies and stops come in here; the thread closes it when the run is over. */
  readonly port: Port;
}

/** From the run to its worker. `id` counts the reports of the run. */
export interface ReportMessage {
  readonly id: number;
  readonly report: RunReport;
}

/** From the worker to the run. */
export type ControlMessage =
  | { readonly type: 'reply'; readonly id: number; readonly reply: JournalReply }
  | { readonly type: 'talk'; readonly talk: Talk }
  | { readonly type: 'stop'; readonly reason: StopReason };
