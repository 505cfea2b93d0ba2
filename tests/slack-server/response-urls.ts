import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { readContent } from './api/content.ts';
import { Refusal } from './api/refusal.ts';
import type { Clock } from './clock.ts';
import { edit, post, remove } from './posting.ts';
import type { Slack } from './slack.ts';
import type { Ephemeral, Message } from './state/message.ts';
import type { Workspace } from './state/workspace.ts';

/** An address at which the app may answer an interaction: five times, for 30 minutes (docs.slack.dev). */
export interface ResponseUrls {
  issue(origin: string, use: ResponseUse): string;
  /** Uses the address once. @throws Refusal `used_url`, `expired_url`, `invalid_url`. */
  use(id: string): ResponseUse;
}

/** Where the answer belongs. */
export interface ResponseUse {
  readonly workspace: Workspace;
  readonly channel: string;
  readonly user: string;
  /** What was clicked, of an interaction with a message. */
  readonly original?: Message | Ephemeral;
}

const mostUses = 5;
const lifeMilliseconds = 30 * 60 * 1000;

export function createResponseUrls(clock: Clock): ResponseUrls {
  const issued = new Map<string, { readonly use: ResponseUse; readonly at: number; uses: number }>();
  return {
    issue(origin, use) {
      const id = randomUUID();
      issued.set(id, { use, at: clock.now(), uses: 0 });
      return `${origin}/response/${id}`;
    },
    use(id) {
      const found = issued.get(id);
      if (found === undefined) throw new Refusal('invalid_url');
      if (clock.now() - found.at > lifeMilliseconds) throw new Refusal('expired_url');
      if (found.uses >= mostUses) throw new Refusal('used_url');
      found.uses += 1;
      return found.use;
    },
  };
}

const schema = z.strictObject({
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  attachments: z.unknown().optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).optional(),
  replace_original: z.boolean().optional(),
  delete_original: z.boolean().optional(),
  thread_ts: z.string().optional(),
  unfurl_links: z.boolean().optional(),
  unfurl_media: z.boolean().optional(),
  metadata: z.unknown().optional(),
});

/** Does what the app answers at a response address. @throws Refusal */
export function answerAt(slack: Slack, use: ResponseUse, body: unknown): void {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new Refusal('invalid_payload');
  const { data } = parsed;
  const { workspace, original } = use;
  if (data.delete_original === true) {
    if (original !== undefined) takeAway(slack, workspace, original);
    return;
  }
  const content = readContent(data);
  if (data.replace_original === true && original !== undefined) {
    replace(slack, workspace, original, content);
    return;
  }
  const thread = data.thread_ts === undefined ? {} : { threadTs: data.thread_ts };
  if (data.response_type === 'in_channel') {
    post(slack, workspace, { ...content, ...thread, channel: use.channel, user: workspace.bot.userId, from: 'app' });
    return;
  }
  const ts = workspace.nextTs();
  workspace.ephemerals.push({ ...content, ...thread, channel: use.channel, user: use.user, ts, deleted: false });
  workspace.changes.notify();
}

function takeAway(slack: Slack, workspace: Workspace, original: Message | Ephemeral): void {
  if ('versions' in original) remove(slack, workspace, original);
  original.deleted = true;
  workspace.changes.notify();
}

function replace(
  slack: Slack,
  workspace: Workspace,
  original: Message | Ephemeral,
  content: Pick<Message, 'text' | 'blocks'>,
): void {
  if (original.deleted) throw new Refusal('message_not_found');
  if ('versions' in original) {
    const metadata = original.metadata === undefined ? {} : { metadata: original.metadata };
    edit(slack, workspace, original, { ...content, ...metadata }, workspace.bot.userId);
  } else {
    Object.assign(original, content);
    workspace.changes.notify();
  }
}
