import type { ContentBlock } from '@agentclientprotocol/sdk';
import type { Conversation } from './conversation.ts';

/** What the agents of other tasks wrote to this one since its session last heard of it, as a part of a prompt; nothing when there is nothing new. */
export async function newMail(talk: Conversation): Promise<readonly ContentBlock[]> {
  const { otherTasks } = talk.context;
  const after = talk.mailHeard;
  try {
    const upTo = await newestMail(talk);
    const isNew = upTo > after;
    if (!isNew) return [];
    const mail = await otherTasks({ type: 'inbox', after, upTo });
    talk.mailHeard = upTo;
    return [{ type: 'text', text: `In the mailbox of your task:\n\n${mail}` }];
  } catch {
    // A mailbox that can't be looked at now holds nobody up: it is looked at again, and the agent can look itself.
    return [];
  }
}

/** All that is in the mailbox, for an agent that looks itself. */
export async function wholeMail(talk: Conversation): Promise<string> {
  const upTo = await newestMail(talk);
  const mail = await talk.context.otherTasks({ type: 'inbox', upTo });
  talk.mailHeard = upTo;
  return mail;
}

async function newestMail({ context }: Conversation): Promise<number> {
  return Number(await context.otherTasks({ type: 'newest-mail' }));
}
