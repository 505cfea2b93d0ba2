import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  type InteractionReply,
  type ModalSubmission,
  type PointedMessage,
  readBys,
  type Sender,
} from '#core/chat/adapter.ts';
import { encodeAction } from '#core/chat/button.ts';
import { plainText } from '#core/text/sanitise.ts';
import { createAdapterStore } from '#db/chat/adapter-store.ts';
import { acceptMessage } from '#db/intake/inbox.ts';
import { isSaidBy } from '#db/intake/interactions.ts';
import type { Application } from '../application.ts';
import { newcomerRole } from '../newcomer-role.ts';
import { requestFields, requestWords } from './request-form.ts';

/** Slack's text fields take 3,000 characters. */
const textLimit = 3000;

/** Messages that a form was opened for lie in the store under this name, beside those of the platforms. */
const draftStore = 'drafts';

const pointed = z.object({
  externalId: z.string(),
  thread: z.object({ platform: z.string(), channel: z.string(), thread: z.string() }),
  readBy: z.enum(readBys).optional(),
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
  const what = plainText(message.text, { maxLength: textLimit });
  return {
    kind: 'modal',
    modal: {
      id: encodeAction({ verb: 'draft', subject: id }),
      title: 'Make this a task',
      intro: ['The task is talked about in the thread of the message.'],
      submit: 'Make the task',
      fields: [
        ...(await requestFields(application, { what })),
        { kind: 'file', name: 'files', label: 'Files that belong to it', optional: true },
      ],
    },
  };
}

/** The submitted form becomes a message in the thread that was pointed at, once for each message and person. */
export async function submitDraft(
  application: Application,
  draftKey: string,
  { externalId: formId, sender, values, files: added = {} }: ModalSubmission,
): Promise<InteractionReply> {
  const stored = pointed.safeParse(await createAdapterStore(application.db, draftStore).get(draftKey));
  if (!stored.success || draftId(stored.data, sender) !== draftKey) {
    return { kind: 'notice', tone: 'warning', text: 'What this form was about is no longer known. Open it again.' };
  }
  const { externalId, thread, readBy, author, text, files } = stored.data;
  const request = requestWords(values);
  if (request === '') return { kind: 'problems', problems: { what: 'Say what to do.' } };
  const id = `task of ${externalId} by ${sender.externalId}`;
  const taken = await acceptMessage(
    application.db,
    {
      externalId: id,
      thread,
      sender,
      text: request,
      files: [...files, ...(added.files ?? [])],
      addressed: true,
      opensThread: false,
      formId,
      readBy,
      earlier: [{ from: author, text }],
    },
    newcomerRole(thread.platform, sender),
  );
  if (taken.new || (await isSaidBy(application.db, { platform: thread.platform, externalId: id }, formId))) {
    return { kind: 'done' };
  }
  return { kind: 'notice', tone: 'warning', text: 'You made a task of this message already; see its thread.' };
}

/** The same message and person are the same draft. */
function draftId({ thread, externalId }: PointedMessage, sender: Sender): string {
  const about = [thread.platform, thread.channel, externalId, sender.externalId].join('\n');
  return createHash('sha256').update(about).digest('hex').slice(0, 40);
}
