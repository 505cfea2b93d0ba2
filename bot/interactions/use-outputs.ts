import type { ButtonPress, InteractionReply, ModalSubmission } from '#core/chat/adapter.ts';
import { type Action, encodeAction } from '#core/chat/button.ts';
import { roleAllows } from '#core/policy/roles.ts';
import { formatBytes } from '#core/text/bytes.ts';
import { plainText } from '#core/text/sanitise.ts';
import { isId, newId } from '#db/id.ts';
import { acceptMessage } from '#db/intake/inbox.ts';
import { isSaidBy } from '#db/intake/interactions.ts';
import { findOutputs, storedOutput } from '#db/outputs/find-outputs.ts';
import { taskById } from '#db/tasks/queries.ts';
import type { Application } from '../application.ts';
import { newcomerRole } from '../newcomer-role.ts';
import { presserAt } from '../viewers.ts';
import { requestFields, requestWords } from './request-form.ts';

/** Discord's menus take 25 options, the least of all platforms; one of them can be an older version. */
const choiceLimit = 24;

/**
 * "Use in a new task…": a form with the outputs of a task, for a request that works on them. `choice` names the one that is
 * chosen already; without it all are.
 */
export async function useForm(
  application: Application,
  { subject, choice }: Action,
  { thread, sender }: Pick<ButtonPress, 'thread' | 'sender'>,
): Promise<InteractionReply> {
  const { db } = application;
  if (!isId(subject)) return unknown;
  const { actor, viewer } = await presserAt(application, thread, sender);
  const [task, newest, wanted] = await Promise.all([
    taskById(db, subject),
    findOutputs(db, { eyes: viewer, taskId: subject }, { limit: choiceLimit - 1 }),
    storedOutput(db, choice ?? '', viewer),
  ]);
  // An older version of a file has its button, too.
  const older = newest.outputs.every(({ id }) => id !== choice) && wanted?.task.id === subject ? [wanted] : [];
  const outputs = [...older, ...newest.outputs];
  if (!roleAllows(actor.role, 'steer-own')) return warning(`${actor.name} may look, and not ask for work.`);
  if (task === undefined || outputs.length === 0) return unknown;
  const options = outputs.map(({ id, name, version, size }) => ({
    value: id,
    label: `${plainText(name, { singleLine: true, maxLength: 40 })}, version ${version} (${formatBytes(size)})`,
  }));
  const chosen = options.filter(({ value }) => choice === undefined || value === choice).map(({ value }) => value);
  return {
    kind: 'modal',
    modal: {
      // Each opening of the form is one request, however often it is sent.
      id: encodeAction({ verb: 'use', subject, choice: newId() }),
      title: `Use files of #${task.number}`,
      intro: ['The chosen files are inputs of the new task, as they are now. It is talked about in this thread.'],
      submit: 'Make the task',
      fields: [
        { kind: 'checkboxes', name: 'outputs', label: 'Files', options, values: chosen },
        ...(await requestFields(application, { what: '', project: task.project.name })),
      ],
    },
  };
}

/** The submitted form becomes a message in the thread, with what was chosen. */
export async function submitUse(
  application: Application,
  { subject, choice }: Action,
  { externalId: formId, thread, sender, values }: ModalSubmission,
): Promise<InteractionReply> {
  const { db } = application;
  if (!isId(subject)) return unknown;
  const text = requestWords(values);
  if (text === '') return { kind: 'problems', problems: { what: 'Say what to do.' } };
  const { viewer } = await presserAt(application, thread, sender);
  const { outputs } = await findOutputs(db, { eyes: viewer, taskId: subject, versions: 'all' }, { limit: 1000 });
  const known = new Set(outputs.map(({ id }) => id));
  const uses = (values.outputs ?? '').split('\n').filter((id) => known.has(id));
  if (uses.length === 0) return { kind: 'problems', problems: { outputs: 'Choose at least one file.' } };
  const message = {
    externalId: `use ${choice ?? subject} by ${sender.externalId}`,
    thread,
    sender,
    text,
    files: [],
    addressed: true,
    opensThread: false,
    uses,
    formId,
  };
  const taken = await acceptMessage(db, message, newcomerRole(thread.platform, sender));
  if (taken.new || (await isSaidBy(db, { platform: thread.platform, externalId: message.externalId }, formId))) {
    return { kind: 'done' };
  }
  return warning('You made a task of this form already.');
}

const unknown = warning('These files are no longer known.');

function warning(text: string): InteractionReply {
  return { kind: 'notice', tone: 'warning', text };
}
