/** The run has lost its task, or its worker: nothing that it does or reports counts any more. It just ends. */
export class RunOver extends Error {
  readonly code = 'run_over';
}
