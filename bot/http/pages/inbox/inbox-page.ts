import type { Context } from 'hono';
import { html } from 'hono/html';
import { z } from 'zod';
import { personOf } from '#adapters/web/person.ts';
import { decodeAction } from '#core/chat/button.ts';
import { plural } from '#core/text/plural.ts';
import { createChatStore } from '#db/chat/chat-store.ts';
import { everybodyNamed, memberNames } from '#db/intake/members.ts';
import { listProjects } from '#db/projects/projects.ts';
import type { Actor } from '#db/tasks/change-task.ts';
import { findTasks } from '#db/tasks/find-tasks.ts';
import type { Application } from '../../../application.ts';
import { inboxLines } from '../../../commands/inbox.ts';
import { taskRows } from '../../../commands/task-list.ts';
import { press } from '../../../interactions/press.ts';
import { actorFrom } from '../../../newcomer-role.ts';
import { type MemberViewer, memberAt } from '../../../viewers.ts';
import { oneLine } from '../library/pieces.ts';
import { showPage } from '../page.ts';
import { otherRows, waitingLines } from './waiting-lines.ts';

/** People and projects that a menu offers, and tasks that wait for something else. */
const menuLimit = 500;
const otherLimit = 50;

const platform = 'web';
/** Where the page stands among the places of the chat: in no channel. */
const here = { platform, channel: 'inbox', thread: 'inbox' };

/** What the address asks for; what can not be meant is left out. */
const asked = z.object({
  project: z.string().max(200).optional().catch(undefined),
  person: z.string().max(200).optional().catch(undefined),
  whose: z.literal('mine').optional().catch(undefined),
  urgency: z.enum(['soonest', 'urgent']).optional().catch(undefined),
});

type Asked = z.infer<typeof asked>;

/** Who looks, as the chat knows him. */
interface Reader {
  readonly person: { readonly id: string; readonly name: string };
  readonly member: Actor;
}

/** What was just done, in a sentence. */
interface Said {
  readonly tone: 'success' | 'warning';
  readonly text: string;
}

/** All that waits for people, with its answers: by project, person and urgency. */
export async function inboxPage(context: Context, application: Application): Promise<Response> {
  return draw(context, application, await readerOf(context, application));
}

/** Gives an answer that the page offered, as a press in the chat does, and shows what waits then. */
export async function answerInInbox(context: Context, application: Application): Promise<Response> {
  const reader = await readerOf(context, application);
  const { action } = await context.req.parseBody();
  if (reader === undefined || typeof action !== 'string') return draw(context, application, reader);
  const { id, name } = reader.person;
  const reply = await press(application, { action, thread: here, sender: { externalId: id, name } });
  return draw(context, application, reader, saidBy(reply, action));
}

function saidBy(reply: Awaited<ReturnType<typeof press>>, action: string): Said {
  if (reply.kind === 'notice') return { tone: reply.tone === 'success' ? 'success' : 'warning', text: reply.text };
  if (reply.kind !== 'done') return { tone: 'warning', text: 'That needs a form: open its thread to answer.' };
  const verb = decodeAction(action)?.verb;
  const deed = verb === 'approve' ? 'Approved' : verb === 'deny' ? 'Denied' : 'Answered';
  return { tone: 'success', text: `${deed}: it is recorded, and its thread shows it.` };
}

async function readerOf(context: Context, { db }: Application): Promise<Reader | undefined> {
  const person = await personOf(context, createChatStore(db));
  if (person === undefined) return undefined;
  const sender = { externalId: person.id, name: person.name };
  return { person, member: await actorFrom(db, platform, sender) };
}

async function draw(context: Context, application: Application, reader?: Reader, said?: Said): Promise<Response> {
  const query = Object.fromEntries(Object.entries(context.req.query()).filter(([, value]) => value !== ''));
  const wanted = asked.parse(query);
  const body = reader === undefined ? html`<p>${unknown}</p>` : await inboxOf(application, reader, wanted, said);
  const top = html`<a href="/">← Chat</a> <p><strong>Commander</strong>${reader === undefined ? '' : html` <span>${oneLine(reader.person.name)}</span>`}</p>`;
  return showPage(context, {
    title: 'Inbox',
    heading: 'Inbox',
    top,
    body,
    allows: "img-src 'self'; form-action 'self'",
  });
}

const unknown = html`What waits is shown to people who said who they are. <a href="/">Say your name in the chat</a>, then come back.`;

async function inboxOf(application: Application, { member }: Reader, wanted: Asked, said?: Said) {
  const { db } = application;
  const [projects, people, members] = await Promise.all([
    listProjects(db),
    memberNames(db, menuLimit),
    wanted.person === undefined ? undefined : everybodyNamed(db, wanted.person),
  ]);
  const found = projects.find(({ name }) => name === wanted.project);
  const project = found && { id: found.projectId, name: found.name };
  const isNothing = members?.length === 0 || (wanted.project !== undefined && project === undefined);
  const person = members && { members, name: wanted.person ?? '' };
  const viewer = memberAt(member, here);
  const narrowed = { project, person, ...(wanted.whose === undefined ? {} : { reader: member }) };
  const [{ lines, bound }, others] = isNothing
    ? [{ lines: [], bound: new Map<string, string>() }, []]
    : await Promise.all([
        inboxLines(application, { ...narrowed, viewer, order: wanted.urgency ?? 'oldest' }),
        othersThatWait(application, viewer, wanted, narrowed),
      ]);
  const names = projects.slice(0, menuLimit).map(({ name }) => name);
  const count = lines.reduce((sum, rows) => sum + rows.length, 0);
  return html`${said === undefined ? '' : html`<p class="notice ${said.tone}" role="status" tabindex="-1" autofocus>${said.text}</p>`}
${filters(wanted, names, people)}
<p class="summary" role="${said === undefined ? 'status' : 'note'}">${count === 0 ? 'Nothing waits for a person' : `${plural(count, 'thing')} ${count === 1 ? 'waits' : 'wait'} for a person`}. <a href="${addressOf(wanted)}">Look again</a></p>
${waitingLines(lines, bound, addressOf(wanted))}
${otherRows(others)}`;
}

/** Tasks that wait for something else than a person: the narrower the list of what waits for people is, the fewer belong to it. */
async function othersThatWait(
  application: Application,
  eyes: MemberViewer,
  { whose, urgency }: Asked,
  {
    project,
    person,
  }: { readonly project?: { readonly id: string }; readonly person?: { readonly members: readonly string[] } },
) {
  if (urgency === 'urgent') return [];
  const members = whose === undefined ? person?.members : [eyes.memberId];
  const filter = { eyes, standing: 'waiting', projectId: project?.id, by: members && { members } } as const;
  const { tasks } = await findTasks(application.db, filter, { limit: otherLimit });
  const others = tasks.filter(({ because: { waitingFor } }) => waitingFor !== 'approval' && waitingFor !== 'answer');
  return taskRows(application, others, platform);
}

function filters({ project, person, whose, urgency }: Asked, projects: readonly string[], people: readonly string[]) {
  const named = (names: readonly string[]) => names.map((name) => [name, oneLine(name)] as const);
  return html`<form class="filters" method="get" action="/inbox" role="search">
${menu('Whose', 'whose', [['mine', 'What I may answer']], { chosen: whose, any: 'Everybody’s' })}
${menu('Project', 'project', named(projects), { chosen: project, any: 'Any' })}
${menu('Person', 'person', named(people), { chosen: person, any: 'Anybody' })}
${menu('Urgency', 'urgency', urgencies, { chosen: urgency, any: 'Oldest first' })}
<button type="submit">Show</button>
</form>`;
}

const urgencies = [
  ['soonest', 'What ends first'],
  ['urgent', 'Only what is urgent'],
] as const;

type Options = readonly (readonly [value: string, label: string])[];

function menu(label: string, name: string, options: Options, { chosen, any }: { chosen?: string; any: string }) {
  return html`<label>${label} <select name="${name}"><option value="">${any}</option>${options.map(
    ([value, words]) => html`<option value="${value}" ${value === chosen ? 'selected' : ''}>${words}</option>`,
  )}</select></label>`;
}

/** The address of the same list. */
function addressOf(wanted: Asked): string {
  const query = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value !== undefined));
  return query.size === 0 ? '/inbox' : `/inbox?${query}`;
}
