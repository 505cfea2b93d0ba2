import type { Card } from '#core/chat/card.ts';
import { presentationOf } from '#core/preferences/resolve.ts';
import type { TaskState } from '#core/task/state.ts';
import { showApproval } from './approval.ts';
import { showEscalations } from './escalation.ts';
import { showHandOvers } from './hand-over.ts';
import { showMail } from './mail.ts';
import { showNotes } from './notes.ts';
import { showOutputs } from './output.ts';
import { showQuestion } from './question.ts';
import { showQuiet } from './quiet.ts';
import { showReminders } from './reminder.ts';
import { showEarlierReports, showReport } from './report.ts';
import { showRevert } from './revert.ts';
import { showStatus } from './status.ts';
import { hasReport } from './task-buttons.ts';
import { showUnderstanding } from './understanding.ts';
import type { ShowWorld } from './world.ts';

/**
 * What the thread of a task should look like now, in reading order. Pure and total: any state that events can lead to gives
 * cards, and nothing stands in them that the state does not say. Cards of earlier rounds that are no longer here stay as they
 * were shown last.
 */
export function show(state: TaskState, world: ShowWorld = {}): readonly Card[] {
  const presentation = presentationOf(world.choices);
  const { manner, verbosity } = presentation;
  return [
    showUnderstanding(state, world),
    showStatus(state, world),
    ...state.approvals.map((approval) => showApproval(state, approval, manner)),
    ...state.questions.map((question) => showQuestion(state, question, manner)),
    ...showQuiet(state),
    ...showReminders(state),
    ...showHandOvers(state),
    ...showNotes(state),
    ...showMail(state),
    // The report shows them there.
    ...(verbosity === 'quiet' ? [] : showOutputs(state)),
    ...showEarlierReports(state),
    ...(hasReport(state) ? [showReport(state, presentation)] : []),
    ...showEscalations(state),
    ...state.reverts.map((revert) => showRevert(state, revert)),
  ];
}
