import type { ChatHost, Suggestion } from '#core/chat/adapter.ts';
import { acceptMessage, followedThreads, followsThread } from '#db/intake/inbox.ts';
import type { Application } from './application.ts';
import { commandTable, requests } from './commands/table.ts';
import { amend } from './interactions/amend.ts';
import { press } from './interactions/press.ts';
import { submit } from './interactions/submit.ts';
import { newcomerRole } from './newcomer-role.ts';
import { openOutput } from './open-output.ts';

/** Completions at once. */
const suggestionLimit = 8;

/** What the application does for every chat platform. */
export function createChatHost(application: Application): ChatHost {
  return {
    accept: (message) => acceptMessage(application.db, message, newcomerRole(message.thread.platform, message.sender)),
    follows: (thread) => followsThread(application.db, thread),
    press: (interaction) => press(application, interaction),
    submit: (submission) => submit(application, submission),
    suggest: (words) => suggest(application, words),
    amend: (change) => amend(application, change),
    react: async () => ({ kind: 'notice', tone: 'warning', text: 'Please use the buttons of the card.' }),
    draft: async () => ({ kind: 'notice', tone: 'warning', text: 'Please mention Commander and say what to do.' }),
    commands: () =>
      commandTable.map(({ name, summary, usage }) => ({ name, summary, usage, options: [], say: () => name })),
    complete: async () => [],
    home: async () => [],
    followed: (platform) => followedThreads(application.db, platform),
    output: (outputId) => openOutput(application, outputId),
    address: application.address,
  };
}

async function suggest(application: Application, words: string): Promise<readonly Suggestion[]> {
  const typed = words.trim().toLowerCase();
  const entries = [...(await requests(application)), ...commandTable.map(({ usage, summary }) => ({ usage, summary }))];
  return entries
    .map(({ usage, summary }) => ({ insert: usage.replace(/ ?[<[].*$/, ''), label: usage, detail: summary }))
    .filter(({ insert }) => insert.toLowerCase().startsWith(typed))
    .slice(0, suggestionLimit);
}
