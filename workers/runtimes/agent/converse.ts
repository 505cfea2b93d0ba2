import type { StepEnd } from '../runtime.ts';
import { afterTurn } from './after-turn.ts';
import { answerTool } from './answer-tools.ts';
import { answerAsides } from './asides.ts';
import { type Conversation, type ConversationOptions, newConversation } from './conversation.ts';
import { type OpenSession, openSession } from './open-session.ts';
import { openingPrompt } from './prompt.ts';
import { workHandlers } from './requests.ts';
import { runTurn } from './run-turn.ts';

/** Talks with an agent until the step is done, or its run must end. Rejects when the agent fails or its process ends. */
export async function converse(options: ConversationOptions): Promise<StepEnd> {
  const talk = newConversation(options);
  const session = await open(talk);
  const asides = answerAsides(talk);
  try {
    let prompt = await openingPrompt(talk.step, talk.context, session);
    for (;;) {
      const next = await afterTurn(talk, await runTurn(talk, session.id, prompt));
      if (!Array.isArray(next)) return next;
      prompt = next;
    }
  } finally {
    asides.end();
  }
}

/** The session that this step had before, where there is one and the agent still knows it. */
async function open(talk: Conversation): Promise<OpenSession> {
  const { spec, step, context, agent, show } = talk;
  const handlers = workHandlers(talk);
  talk.tools.answerWith((call) => answerTool(talk, call));
  agent.handleNext(handlers);
  show({ type: 'action', text: `Starting ${spec.name}` });
  const earlier = context.task.steps.find(({ plan }) => plan.id === step.id)?.agent?.session;
  const session = await openSession(agent.connection.agent, {
    spec,
    folder: context.folder,
    mcpServers: [talk.tools.server],
    ...(earlier?.agent === spec.id ? { earlier: earlier.id } : {}),
    onReplay(replaying) {
      talk.replaying = replaying;
    },
  });
  agent.handle(session.id, handlers);
  show({ type: 'agent', stepId: step.id, change: { session: { agent: spec.id, id: session.id } } });
  return session;
}
