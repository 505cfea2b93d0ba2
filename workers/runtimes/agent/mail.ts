import type { ContentBlock } from '@agentclientprotocol/sdk';
import type { Conversation } from './conversation.ts';

/** What the agents of other tasks wrote to this one since it last heard of it, as a part of a prompt; nothing when there is nothing new. */
export async function newMail(talk: Conversation): Promise<readonly ContentBlock[]> {
  // A mailbox that can't be looked at now holds nobody up: it is looked at again, and the agent can look itself.
  const mail = await talk.context.otherTasks({ type: 'inbox' }).catch(() => talk.mailHeard);
  if (mail === talk.mailHeard) return [];
  talk.mailHeard = mail;
  return [{ type: 'text', text: `In the mailbox of your task:\n\n${mail}` }];
}
