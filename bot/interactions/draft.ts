import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { InteractionReply, ModalSubmission, PointedMessage, Sender } from '#core/chat/adapter.ts';
import { encodeAction } from '#core/chat/button.ts';
import { plainText } from '#core/text/sanitise.ts';
import { createAdapterStore } from '#db/chat/adapter-store.ts';
import { acceptMessage } from '#db/intake/inbox.ts';
import { listProjects } from '#db/projects/projects.ts';
import type { Application } from '../application.ts';
import { requests } from '../commands/table.ts';
import { newcomerRole } from '../newcomer-role.ts';

/** Discord's menus take 25 options, the least of all platforms; one of them is "as written". */
const choiceLimit = 24;
/** Slack's text fields take 3,000 characters. */
const textLimit = 3000;

/** Messages that a form was opened for lie in the store under this name, beside those of the platforms. */
const draftStore = 'drafts';

const pointed = z.object({
  externalId: z.string(),
  thread: z.object({ platform: z.string(), channel: z.string(), thread: z.string() }),
  author: z.string(),
  text: z.string(),
  files: z.array(z.object({ externalId: z.string(), name: z.string(), mediaType: z.string(), size: z.number() })),
});

/** "Make this a task": the form about a message that a person points at. */
export async function draft(
  application: Application,
  message: PointedMessage,
  sender: Sender,
): Promise<InteractionReply> {
  const id = draftId(message, sender);
  await createAdapterStore(application.db, draftStore).set(id, message);
  const projects = await listProjects(application.db);
  const known = [...new Set((await requests(application)).map(({ usage }) => usage))];
  const option = (value: string) => ({ value, label: value });
  return {
    kind: 'modal',
    modal: {
      id: encodeAction({ verb: 'draft', subject: id }),
      title: 'Make this a task',
      intro: ['The task is talked about in the thread of the message.'],
      submit: 'Make the task',
      fields: [
        {
          kind: 'text',
          name: 'what',
          label: 'What to do',
          value: plainText(message.text, { maxLength: textLimit }),
          multiline: true,
        },
        {
          kind: 'select',
          name: 'project',
          label: 'Project',
          options: [
            { value: '-', label: 'As written' },
            ...projects.slice(0, choiceLimit).map(({ name }) => option(name)),
          ],
          value: '-',
        },
        {
          kind: 'select',
          name: 'runbook',
          label: 'What runs',
          options: [{ value: '-', label: 'As written' }, ...known.slice(0, choiceLimit).map(option)],
          value: '-',
        },
        {
          kind: 'select',
          name: 'priority',
          label: 'Priority',
          options: [
            { value: '-', label: 'As usual' },
            { value: '10', label: 'Urgent: before the others' },
            { value: '90', label: 'Low: when nothing else waits' },
          ],
          value: '-',
        },
        { kind: 'file', name: 'files', label: 'Files that belong to it', optional: true },
      ],
    },
  };
}

/** The submitted form becomes a message in the thread that was pointed at, once for each message and person. */
export async function submitDraft(
  application: Application,
  draftKey: string,
  { sender, values, files: added = {} }: ModalSubmission,
): Promise<InteractionReply> {
  const stored = pointed.safeParse(await createAdapterStore(application.db, draftStore).get(draftKey));
  if (!stored.success || draftId(stored.data, sender) !== draftKey) {
    return { kind: 'notice', tone: 'warning', text: 'What this form was about is no longer known. Open it again.' };
  }
  const { externalId, thread, author, text, files } = stored.data;
  const request = requestOf(values);
  if (request === '') return { kind: 'problems', problems: { what: 'Say what to do.' } };
  const taken = await acceptMessage(
    application.db,
    {
      externalId: `task of ${externalId} by ${sender.externalId}`,
      thread,
      sender,
      text: request,
      files: [...files, ...(added.files ?? [])],
      addressed: true,
      opensThread: false,
      earlier: [{ from: author, text }],
    },
    newcomerRole(thread.platform, sender),
  );
  if (taken.new) return { kind: 'done' };
  return { kind: 'notice', tone: 'warning', text: 'You made a task of this message already; see its thread.' };
}

/** The form in words, as they would be said. */
function requestOf({ what = '', project = '-', runbook = '-', priority = '-' }: ModalSubmission['values']): string {
  if (what.trim() === '') return '';
  return [
    ...(runbook === '-' ? [] : [runbook]),
    what.trim(),
    ...(project === '-' ? [] : [`in ${project}`]),
    ...(priority === '-' ? [] : [`priority ${priority}`]),
  ].join(' ');
}

/** The same message and person are the same draft. */
function draftId({ thread, externalId }: PointedMessage, sender: Sender): string {
  const about = [thread.platform, thread.channel, externalId, sender.externalId].join('\n');
  return createHash('sha256').update(about).digest('hex').slice(0, 40);
}
