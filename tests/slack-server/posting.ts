import { announceDeletion, announceEdit, announceMessage } from './events.ts';
import type { Slack } from './slack.ts';
import type { Message, Shown } from './state/message.ts';
import { addMessage, type Workspace } from './state/workspace.ts';

/** A message before it has its place in time. */
export interface Draft extends Shown {
  readonly channel: string;
  readonly threadTs?: string;
  readonly user: string;
  readonly from: Message['from'];
  readonly clientMessageId?: string;
  readonly subtype?: Message['subtype'];
  readonly unfurl?: Message['unfurl'];
  readonly files?: Message['files'];
  readonly forwards?: Message;
}

/** Puts a message into its channel and tells the app. */
export function post(slack: Slack, workspace: Workspace, draft: Draft): Message {
  const message: Message = {
    unfurl: { links: true, media: true },
    files: [],
    ...draft,
    ts: workspace.nextTs(),
    reactions: new Map(),
    versions: [shownOf(draft)],
    deleted: false,
  };
  addMessage(workspace, message);
  workspace.changes.notify();
  announceMessage(slack, workspace, message);
  return message;
}

/** Changes what a message shows and tells the app. */
export function edit(slack: Slack, workspace: Workspace, message: Message, next: Shown, user: string): void {
  const before = shownOf(message);
  Object.assign(message, next, { edited: { user, ts: workspace.nextTs() } });
  (message.versions as Shown[]).push(shownOf(next));
  workspace.changes.notify();
  announceEdit(slack, workspace, message, before);
}

/** Takes a message away and tells the app. */
export function remove(slack: Slack, workspace: Workspace, message: Message): void {
  announceDeletion(slack, workspace, message);
  message.deleted = true;
  workspace.changes.notify();
}

function shownOf({ text, blocks, metadata }: Shown): Shown {
  return { text, blocks, ...(metadata !== undefined && { metadata }) };
}
