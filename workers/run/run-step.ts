import type { PreparedStep, RunningStep, StepEnd } from '../runtimes/runtime.ts';
import type { Reporter } from './reporter.ts';

/**
 * Carries a prepared step out: shows what happens, and ends it when the run is to stop. Rejects when what it says can not be written
 * down; nothing of the step runs any more then.
 */
export async function runStep(prepared: PreparedStep, reporter: Reporter): Promise<StepEnd> {
  if (reporter.signal.aborted) return { type: 'stopped' };
  const running = prepared.start();
  const stop = () => void running.stop(reporter.signal.reason === 'cancel' ? 'cancel' : 'shutdown');
  reporter.signal.addEventListener('abort', stop, { once: true });
  try {
    return await follow(running, reporter);
  } catch (error) {
    await running.stop('shutdown');
    throw error;
  } finally {
    reporter.signal.removeEventListener('abort', stop);
  }
}

async function follow(running: RunningStep, reporter: Reporter): Promise<StepEnd> {
  for await (const event of running.events) {
    switch (event.type) {
      case 'action':
        reporter.tell(event.text, event.code, event.why);
        break;
      case 'note-taken':
      case 'agent':
      case 'agent-quiet':
      case 'agent-moved':
      case 'asks-permission':
      case 'asks-question':
      case 'ask-withdrawn':
      case 'decision-heard':
        await reporter.report(event);
        break;
      default:
        return event;
    }
  }
  throw new RangeError('a step ended without saying how');
}
