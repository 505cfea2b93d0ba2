import type { Card } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import type { Approval, Question } from '#core/task/asked.ts';
import type { TaskState } from '#core/task/state.ts';
import { line } from './limits.ts';
import { bold, elapsed, quoted, sentences, taskTitle, time } from './pieces.ts';

/**
 * What was brought to mind, a post each time: an edit of the card itself would reach nobody. Who is awaited by name is pinged by
 * the newest one while it is open; approvals ping nobody, for they wait for no one person.
 */
export function showReminders(state: TaskState): readonly Card[] {
  return [...state.approvals, ...state.questions].flatMap((asked) =>
    Array.from({ length: asked.reminders?.count ?? 0 }, (_, index) => reminder(state, asked, index + 1)),
  );
}

function reminder(state: TaskState, asked: Approval | Question, count: number): Card {
  const open = asked.status === 'open';
  const newest = count === asked.reminders?.count;
  const title = open ? 'Still waits for you' : 'No longer waits';
  const what = line('stepName' in asked ? asked.stepName : asked.text, 200);
  return {
    key: `reminder:${asked.id}:${count}`,
    // Progress, for what is asked anew goes first.
    tone: 'neutral',
    title: taskTitle(state, bold(title)),
    summary: `#${state.number}: ${what}`,
    blocks: [
      {
        kind: 'text',
        text: open
          ? sentences(
              [...awaited(state, asked, newest), quoted(what), ' waits ', elapsed(asked.askedAt), '.'],
              ends(asked),
            )
          : [quoted(what), ' is settled.'],
      },
    ],
  };
}

function awaited({ requester }: TaskState, asked: Approval | Question, ping: boolean): RichText {
  if ('stepName' in asked || asked.needs !== undefined) return [];
  const { memberId, name } = asked.asks ?? requester;
  return [{ kind: 'person', memberId, name: line(name, 60), ping }, ': '];
}

function ends(asked: Approval | Question): RichText {
  const limit = 'limit' in asked ? asked.limit : undefined;
  if (limit === undefined) return ['Nothing runs until somebody decides.'];
  return ['Its stated default holds at ', time(limit.until), '.'];
}
