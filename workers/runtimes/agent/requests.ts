import type { SessionUpdate } from '@agentclientprotocol/sdk';
import { limitTold } from '#core/agents/provider-limit.ts';
import type { Question } from '#core/task/asked.ts';
import { plainText } from '#core/text/sanitise.ts';
import { shorten } from '#core/text/shorten.ts';
import { answerWish } from './answer-wish.ts';
import type { SessionHandlers } from './connect.ts';
import type { Conversation } from './conversation.ts';
import { elicit } from './elicit.ts';
import { createFileRequests } from './file-requests.ts';
import { outcomeOf, readWish } from './permission.ts';
import { redactEvent } from './redact-event.ts';
import { askAgain, leavesAsking } from './session-options.ts';
import { takeTurns } from './take-turns.ts';

/** What the session of the work itself may ask: everything, by the policy and by people. */
export function workHandlers(talk: Conversation, sessionId?: string): SessionHandlers {
  const { step } = talk;
  // What takes longer to look at is asked no later: people see the requests in the order in which the agent made them.
  const inOrder = takeTurns();
  const staysInMode = sessionId === undefined ? undefined : keepInMode(talk, sessionId);
  const files = createFileRequests(talk);
  return {
    isWork: true,
    onRead: files.onRead,
    onWrite: files.onWrite,
    onUpdate(update) {
      if (talk.replaying) return;
      const told = limitTold(update._meta);
      if (told !== undefined) talk.signs.limitEnds = told.ends;
      talk.updates.take(update);
      staysInMode?.(update);
      if (update.sessionUpdate === 'usage_update') talk.watch?.used();
    },
    onPermission: async ({ toolCall, options }, signal) => {
      const call = talk.updates.calls.merge(toolCall);
      const answer = await answerWish(talk, () => inOrder(() => readWish(call, step, talk)), signal);
      if (answer.is === 'allowed') files.allowed(call);
      return { outcome: outcomeOf(options, answer) };
    },
    onElicitation: async (request, signal) => {
      const withFiles: Question[] = [];
      const response = await elicit(redactEvent(request, talk.redactor), async (text, options, otherwise) => {
        const then = otherwise === undefined ? {} : { otherwise };
        const asked = { type: 'asks-question', stepId: step.id, text, options, ...then } as const;
        const question = await talk.asks?.question(asked, signal);
        if (question?.files !== undefined) withFiles.push(question);
        return question;
      });
      talk.answersToTell.push(...withFiles);
      if (withFiles.length > 0) talk.watch?.news();
      return response;
    },
  };
}

/** An agent that goes on leaving its mode is set back each time; the thread says so no more often. */
const mostTold = 3;

/** Sets an agent back that asks less than it was started to, and says so; what fails there is said as well. */
function keepInMode(talk: Conversation, sessionId: string): (update: SessionUpdate) => void {
  const { agent, spec, show, redactor } = talk;
  let told = 0;
  let left: SessionUpdate | undefined;
  let settingBack = false;

  function tell(words: string): void {
    told += 1;
    if (told <= mostTold) show({ type: 'action', text: `${spec.name} left the mode in which it asks, and ${words}` });
  }

  /** One at a time, however often it leaves: the newest is what counts. */
  async function setBack(): Promise<void> {
    settingBack = true;
    for (let now = left; now !== undefined; now = left) {
      left = undefined;
      try {
        await askAgain(agent.connection.agent, { spec, sessionId }, now);
        tell('was set back');
      } catch (error) {
        const words = plainText(error instanceof Error ? error.message : String(error), { singleLine: true });
        tell(`can not be set back: ${shorten(redactor.redact(words), 150)}`);
      }
    }
    settingBack = false;
  }

  return (update) => {
    if (!leavesAsking(spec, update)) return;
    left = update;
    if (!settingBack) void setBack();
  };
}
