import { isLate } from '#core/chat/absence.ts';
import type { Arrival, ChatHost, IncomingMessage, Suggestion } from '#core/chat/adapter.ts';
import { acceptMessage, followedThreads, followsThread } from '#db/intake/inbox.ts';
import { retryRefused } from '#db/posts/refused.ts';
import type { Application } from './application.ts';
import { complete } from './commands/complete.ts';
import { describeCommands } from './commands/describe.ts';
import { commandTable, requests } from './commands/table.ts';
import { homePage } from './home-page.ts';
import { amend } from './interactions/amend.ts';
import { draft } from './interactions/draft.ts';
import { press } from './interactions/press.ts';
import { react } from './interactions/react.ts';
import { stop } from './interactions/stop.ts';
import { submit } from './interactions/submit.ts';
import { newcomerRole } from './newcomer-role.ts';
import { openOutput } from './open-output.ts';

/** Completions at once. */
const suggestionLimit = 8;

/** What the application does for a chat platform; `keep` keeps what it sends until it is understood. */
export function createChatHost(
  application: Application,
  platform: string,
  keep: (arrival: Arrival) => Promise<void>,
): ChatHost {
  const { answer } = application.answersFirst;
  return {
    keep: (arrival) => answer(() => keep(arrival)),
    accept: (message) => answer(() => accept(application, message)),
    follows: (thread) => followsThread(application.db, thread),
    press: (interaction) => answer(() => press(application, interaction)),
    submit: (submission) => answer(() => submit(application, submission)),
    suggest: (words) => answer(() => suggest(application, words)),
    readmitted: (channel) => retryRefused(application.db, { platform, channel }),
    amend: (change) => amend(application, change),
    react: (reaction) => react(application, reaction),
    stop: (thread, sender) => stop(application, thread, sender),
    draft: (message, sender) => answer(() => draft(application, message, sender)),
    commands: describeCommands,
    complete: (kind, typed, sender) => answer(() => complete(application, kind, { typed, platform, sender })),
    home: (sender) => homePage(application, platform, sender),
    followed: (of) => followedThreads(application.db, of),
    output: (outputId) => openOutput(application, outputId, 'commander'),
    tell: (sentence) => application.tell?.(sentence),
    address: application.address,
  };
}

/** One that was edited since it was taken, and comes again, is an edit. */
async function accept(application: Application, message: IncomingMessage): Promise<{ new: boolean }> {
  const { late: _, ...said } = message;
  const found = isLate(message, Date.now()) ? { ...said, late: true as const } : said;
  const { platform } = message.thread;
  const taken = await acceptMessage(application.db, found, newcomerRole(platform, message.sender));
  if (!taken.new && message.editedAt !== undefined) {
    const { externalId, sender, text, editedAt } = message;
    await amend(application, { platform, externalId, sender, text, editedAt });
  }
  return taken;
}

async function suggest(application: Application, words: string): Promise<readonly Suggestion[]> {
  const typed = words.trim().toLowerCase();
  const entries = [...(await requests(application)), ...commandTable.map(({ usage, summary }) => ({ usage, summary }))];
  return entries
    .map(({ usage, summary }) => ({ insert: usage.replace(/ ?[<[].*$/, ''), label: usage, detail: summary }))
    .filter(({ insert }) => insert.toLowerCase().startsWith(typed))
    .slice(0, suggestionLimit);
}
