import type { OtherTasksRequest } from '#core/run/other-tasks.ts';
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

/** What a run wants of other tasks. `ask` counts such requests of the run. */
export interface AskMessage {
  readonly ask: number;
  readonly request: OtherTasksRequest;
}

/** From the worker to the run. */
export type ControlMessage =
  /** To what it wants of other tasks. */
  | { readonly type: 'answer'; readonly ask: number; readonly text: string; readonly failed: boolean }
  | { readonly type: 'reply'; readonly id: number; readonly reply: JournalReply }
  | { readonly type: 'talk'; readonly talk: Talk }
  | { readonly type: 'stop'; readonly reason: StopReason };
